namespace OrleansKeeper.Tests.Unit.Recipes.Caching;

/// <summary>A tree cache's view and events, whatever the order in which events, answers and readers come.</summary>
public sealed class TreeCacheSimulationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(1000)]
    public void ViewAndReplayedEventsEqualTheTree(int capacity)
    {
        var changes = 0;
        var resynchronizations = 0;
        for (var seed = 0; seed < 500; seed++)
        {
            var simulation = new TreeCacheSimulation(seed, capacity);
            for (var step = 0; step < 400; step++)
                simulation.Step();
            simulation.FinishAndCheck();
            changes += simulation.Changes;
            resynchronizations += simulation.Readers.Sum(reader => reader.Resynchronizations);
        }

        Assert.InRange(changes, 10_000, int.MaxValue);
        Assert.InRange(resynchronizations, 500, int.MaxValue);
    }
}
