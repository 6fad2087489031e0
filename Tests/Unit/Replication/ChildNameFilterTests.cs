using OrleansKeeper.Grains.Replication;

namespace OrleansKeeper.Tests.Unit.Replication;

public sealed class ChildNameFilterTests
{
    [Theory]
    [InlineData(1, 10)]
    [InlineData(1_000, 100_000)]
    [InlineData(1_000_000, 500_000)]
    public void FilterKnowsWhatWasAddedAndOfMostOtherNamesThatTheyWereNot(int room, int names)
    {
        var filter = new ChildNameFilter(room);
        for (var i = 0; i < names; i++)
            filter.Add(ChildTable.HashOf($"member-{i:d10}"));

        for (var i = 0; i < names; i++)
            Assert.True(filter.MayContain(ChildTable.HashOf($"member-{i:d10}")));
        Assert.InRange(Enumerable.Range(names, 10_000).Count(i => filter.MayContain(ChildTable.HashOf($"member-{i:d10}"))), 0, 600);
        Assert.InRange(filter.Bytes, 2 * names, 2L * 4 * (room + names));
    }

    [Fact]
    public void FilterOfVeryManyNamesGivesUpAndExcludesNothing()
    {
        var filter = new ChildNameFilter(1);
        var random = new Random(1);
        for (var i = 0; i < 40_000_000 && filter.Bytes > 0; i++)
            filter.Add(random.Next());

        Assert.Equal(0, filter.Bytes);
        filter.Add(1);
        Assert.True(filter.MayContain(1));
        Assert.True(filter.MayContain(2));
    }
}
