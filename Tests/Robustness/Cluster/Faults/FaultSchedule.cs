namespace OrleansKeeper.Tests.Robustness.Cluster.Faults;

/// <summary>Decides from a seed what befalls the cluster: mostly one silo, and mostly the one with the sequencer.</summary>
internal sealed class FaultSchedule(int seed, int silos, params FaultKind[] kinds)
{
    private const int FewestOperations = 50;
    private const int MostOperations = 1_500;
    private const int MostMilliseconds = 2_500;
    private const int ManyMilliseconds = 9_000;

    private readonly Random _random = new(seed);

    public PlannedFault Next()
    {
        var count = _random.Next(10) switch
        {
            < 7 => 1,
            < 9 => Math.Min(2, silos),
            _ => silos,
        };

        // Now and then so long that the others give the silo up.
        var most = _random.Next(4) == 0 ? ManyMilliseconds : MostMilliseconds;
        return new PlannedFault(
            _random.Next(FewestOperations, MostOperations),
            kinds[_random.Next(kinds.Length)],
            _random.Next(3) != 0,
            _random.Next(silos),
            count,
            TimeSpan.FromMilliseconds(_random.Next(most)));
    }
}
