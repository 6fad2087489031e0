namespace OrleansKeeper.Tests.Unit.Replication;

/// <summary>Rule R7: whatever a replica claims to know is current, however little of the tree fits in memory.</summary>
public sealed class ResidencyTests
{
    [Theory]
    [InlineData(1, 2, 0)]
    [InlineData(2, 2, 0)]
    [InlineData(3, 3, 0)]
    [InlineData(4, 3, 1000)]
    [InlineData(5, 4, 2000)]
    [InlineData(6, 6, 3000)]
    [InlineData(7, 6, 6000)]
    [InlineData(8, 2, long.MaxValue)]
    public void EveryReadShowsTheModelWhateverIsEvictedLoadedAndCheckpointed(int seed, int names, long cacheBytes)
    {
        var simulation = new ResidencySimulation(seed, names, cacheBytes);
        for (var step = 1; step <= 20_000; step++)
        {
            try
            {
                simulation.Step();
                if (step % 500 == 0)
                    simulation.CompareAll();
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Seed {seed} fails in step {step}: {exception.Message}", exception);
            }
        }

        Assert.True(simulation.Checkpoints > 100, $"only {simulation.Checkpoints} checkpoints");
        Assert.True(simulation.Restarts > 10, $"only {simulation.Restarts} restarts");
        Assert.True(simulation.Misses > 20, $"only {simulation.Misses} misses");
    }
}
