using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Jute;
using OrleansKeeper.Protocol.Messages;

namespace OrleansKeeper.Tests.Unit.Protocol.Messages;

public sealed class MultiTests
{
    private const string End = "FFFFFFFF01FFFFFFFF";

    private static readonly MultiOperation Write = new CheckOperation(new("/a", -1));
    private static readonly MultiOperation Read = new GetDataOperation(new("/a", false));

    [Fact]
    public void MayBeEmpty()
    {
        Assert.Empty(JuteRecords.Parse<MultiRequest>(Convert.FromHexString(End)).Operations);
        Assert.Empty(JuteRecords.Parse<MultiResponse>(Convert.FromHexString(End)).Results);
        Assert.False(new MultiRequest([]).IsRead);
    }

    [Fact]
    public void TellsReadsFromWrites()
    {
        Assert.True(new MultiRequest([Read]).IsRead);
        Assert.False(new MultiRequest([Write]).IsRead);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void RefusesReadsMixedWithWrites(bool readFirst)
    {
        var bytes = JuteRecords.ToArray(new MultiRequest(readFirst ? [Read, Write] : [Write, Write, Read]));

        Assert.Throws<JuteFormatException>(() => JuteRecords.Parse<MultiRequest>(bytes));
    }

    [Theory]
    [InlineData(OpCode.Exists)]
    [InlineData(OpCode.Multi)]
    [InlineData(OpCode.Error)]
    [InlineData((OpCode)12345)]
    public void RefusesOtherOperations(OpCode type)
    {
        var bytes = new byte[100];
        var writer = new JuteWriter(bytes);
        new MultiHeader(type, false, (ErrorCode)(-1)).Write(ref writer);

        var failure = Assert.Throws<JuteFormatException>(() => JuteRecords.Parse<MultiRequest>(bytes));
        Assert.Contains(((int)type).ToString(), failure.Message);
    }

    [Theory]
    [InlineData(OpCode.CreateContainer)]
    [InlineData(OpCode.CreateTtl)]
    [InlineData((OpCode)12345)]
    public void RefusesOtherResults(OpCode type)
    {
        var bytes = new byte[200];
        var writer = new JuteWriter(bytes);
        new MultiHeader(type, false, ErrorCode.Ok).Write(ref writer);

        Assert.Throws<JuteFormatException>(() => JuteRecords.Parse<MultiResponse>(bytes));
    }

    [Theory]
    [InlineData(OpCode.Create, CreateMode.Persistent, OpCode.Create)]
    [InlineData(OpCode.Create2, CreateMode.EphemeralSequential, OpCode.Create)]
    [InlineData(OpCode.CreateContainer, CreateMode.Container, OpCode.Create2)]
    [InlineData(OpCode.Create, CreateMode.Container, OpCode.Create2)]
    [InlineData(OpCode.Create, CreateMode.PersistentSequentialWithTtl, OpCode.Create2)]
    [InlineData(OpCode.Create, (CreateMode)99, OpCode.Create)]
    public void ResultOfACreateGoesByItsFlags(OpCode type, CreateMode mode, OpCode result) =>
        Assert.Equal(result, new CreateOperation(type, new("/a", null, null, (int)mode)).ResultType);

    [Fact]
    public void ResultOfACreateWithTimeToLiveHasAStat()
    {
        Assert.Equal(OpCode.Create2, new CreateTtlOperation(new("/a", null, null, (int)CreateMode.PersistentWithTtl, 1)).ResultType);
        Assert.Equal(OpCode.Create, new CreateTtlOperation(new("/a", null, null, (int)CreateMode.Persistent, 1)).ResultType);
    }

    [Fact]
    public void HeaderOfAFailedResultHasItsCode()
    {
        Assert.Equal(ErrorCode.NotEmpty, new ErrorResult(new(ErrorCode.NotEmpty)).Error);
        Assert.Equal(ErrorCode.Ok, new DeleteResult().Error);
    }
}
