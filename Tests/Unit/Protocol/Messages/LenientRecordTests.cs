using OrleansKeeper.Protocol.Jute;
using OrleansKeeper.Protocol.Messages;

namespace OrleansKeeper.Tests.Unit.Protocol.Messages;

/// <summary>What clients send beyond what our own writer produces.</summary>
public sealed class LenientRecordTests
{
    [Fact]
    public void SetWatchesTakesNullVectorsAsEmpty()
    {
        var bytes = new byte[JuteSize.Long + 5 * JuteSize.Length];
        bytes.AsSpan(JuteSize.Long).Fill(0xFF);

        Assert.Equivalent(new SetWatches(0, [], [], []), JuteRecords.Parse<SetWatches>(bytes), strict: true);
        Assert.Equivalent(new SetWatches2(0, [], [], [], [], []), JuteRecords.Parse<SetWatches2>(bytes), strict: true);
    }

    [Fact]
    public void ConnectRequestTellsWhetherTheReadOnlyFlagWasThere()
    {
        var with = JuteRecords.ToArray(new ConnectRequest(0, 1, 2, 3, new byte[16], true));

        Assert.True(JuteRecords.Parse<ConnectRequest>(with) is { HasReadOnly: true, ReadOnly: true });
        Assert.True(JuteRecords.Parse<ConnectRequest>(with.AsSpan(0, with.Length - 1)) is { HasReadOnly: false, ReadOnly: false });
    }

    [Fact]
    public void ConnectResponseTellsWhetherTheReadOnlyFlagWasThere()
    {
        var with = JuteRecords.ToArray(new ConnectResponse(0, 1, 2, new byte[16], true));

        Assert.True(JuteRecords.Parse<ConnectResponse>(with) is { HasReadOnly: true, ReadOnly: true });
        Assert.True(JuteRecords.Parse<ConnectResponse>(with.AsSpan(0, with.Length - 1)) is { HasReadOnly: false, ReadOnly: false });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    public void ConnectRequestTakesAPasswordOfAnyLength(int length)
    {
        var bytes = JuteRecords.ToArray(new ConnectRequest(0, 1, 2, 0, new byte[length]));

        Assert.Equal(length, JuteRecords.Parse<ConnectRequest>(bytes).Password!.Length);
    }

    [Fact]
    public void CreateResponseIsReadFromAReplyWithAStat() =>
        Assert.Equal("/a", JuteRecords.Parse<CreateResponse>(JuteRecords.ToArray(new Create2Response("/a", RecordSamples.Stat))).Path);
}
