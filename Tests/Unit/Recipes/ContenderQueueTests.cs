using OrleansKeeper.ClientSdk.Recipes;
using OrleansKeeper.ClientSdk.Recipes.Contention;

namespace OrleansKeeper.Tests.Unit.Recipes;

public sealed class ContenderQueueTests
{
    private const string Kazoo = "6cc8a84ad1e04e14a2eb3ed8e3d1a3a9";
    private const string Curator = "_c_6cc8a84a-d1e0-4e14-a2eb-3ed8e3d1a3a9";

    [Theory]
    [InlineData($"{Kazoo}__lock__0000000007", 7, false)]
    [InlineData($"{Kazoo}__rlock__0000000008", 8, true)]
    [InlineData($"{Curator}-lock-0000000009", 9, false)]
    [InlineData($"{Curator}-__WRIT__0000000010", 10, false)]
    [InlineData($"{Curator}-__READ__0000000011", 11, true)]
    [InlineData($"{Curator}-latch-0000000012", 12, false)]
    [InlineData($"{Curator}-lease-0000000013", 13, false)]
    [InlineData("lock-0000000014", 14, false)]
    [InlineData($"{Kazoo}__lock__-2147483648", int.MinValue, false)]
    [InlineData($"{Kazoo}__lock__-000000001", -1, false)]
    public void NamesOfBothLayoutsAreContenders(string name, int sequence, bool isShared)
    {
        Assert.True(ContenderNames.TryParse(name, out var contender));
        Assert.Equal(new QueuedContender(name, sequence, isShared), contender);
    }

    [Theory]
    [InlineData("ready")]
    [InlineData("lock-7")]
    [InlineData("lock-00000000x7")]
    [InlineData("queue-0000000007")]
    [InlineData($"{Kazoo}__lock__0000000007-more")]
    [InlineData($"{Kazoo}__lock__99999999999")]
    public void OtherNamesAreNot(string name) => Assert.False(ContenderNames.TryParse(name, out _));

    [Theory]
    [MemberData(nameof(KindsAndLayouts))]
    public void NamesThatAreGivenAreRecognized(int kind, RecipeLayout layout)
    {
        var prefix = ContenderNames.CreatePrefix((ContenderKind)kind, layout);
        Assert.NotEqual(prefix, ContenderNames.CreatePrefix((ContenderKind)kind, layout));
        Assert.True(ContenderNames.TryParse(prefix + "0000000042", out var contender));
        Assert.Equal((42, (ContenderKind)kind == ContenderKind.Reader), (contender.Sequence, contender.IsShared));
    }

    public static TheoryData<int, RecipeLayout> KindsAndLayouts()
    {
        var data = new TheoryData<int, RecipeLayout>();
        foreach (var kind in Enum.GetValues<ContenderKind>())
        {
            foreach (var layout in Enum.GetValues<RecipeLayout>())
                data.Add((int)kind, layout);
        }
        return data;
    }

    [Fact]
    public void QueueIsInTheOrderOfTheCountersWhateverTheNames()
    {
        var queue = new ContenderQueue(
            [$"{Curator}-lock-0000000003", $"{Kazoo}__lock__0000000001", "other", $"{Kazoo}__rlock__0000000002"]);
        Assert.Equal([1, 2, 3], queue.Contenders.Select(contender => contender.Sequence));
    }

    [Fact]
    public void CounterThatOverflowedIsBehind()
    {
        var queue = new ContenderQueue(["lock--2147483648", "lock-2147483647", "lock--2147483647", "lock-2147483646"]);
        Assert.Equal([2147483646, int.MaxValue, int.MinValue, int.MinValue + 1], queue.Contenders.Select(contender => contender.Sequence));
    }

    [Fact]
    public void WriterWaitsForTheOneInFrontAndAReaderForTheLastWriterInFront()
    {
        QueuedContender[] queue =
        [
            new("read 1", 1, IsShared: true), new("write 2", 2, IsShared: false), new("read 3", 3, IsShared: true),
            new("write 4", 4, IsShared: false), new("read 5", 5, IsShared: true), new("read 6", 6, IsShared: true),
        ];

        Assert.Equal([null, "read 1", "write 2", "read 3", "write 4", "read 5"], Indices.Select(i => ContentionRules.Exclusive(queue, i)));
        Assert.Equal([null, null, "write 2", "write 2", "write 4", "write 4"], Indices.Select(i => ContentionRules.Shared(queue, i)));
        Assert.Equal([true, true, false, false, false, false], Indices.Select(i => ContentionRules.FirstOf(2)(queue, i) is null));
    }

    private static IEnumerable<int> Indices => Enumerable.Range(0, 6);
}
