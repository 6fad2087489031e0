using OrleansKeeper.Tests.Robustness.Cluster.Load;

namespace OrleansKeeper.Tests.Robustness.Cluster.Faults;

/// <summary>Puts faults on a cluster and takes them off again; writes down which and when.</summary>
internal sealed class FaultInjector(SiloCluster cluster, ClusterHistory history)
{
    private static readonly TimeSpan TerminationLimit = TimeSpan.FromSeconds(30);

    /// <summary>Returns when the fault is over and all silos serve again.</summary>
    public async Task InjectAsync(PlannedFault planned)
    {
        await cluster.RunAgainAsync(history);
        var sequencer = await cluster.FindSequencerAsync();
        var first = planned.WithSequencer ? sequencer ?? planned.FirstSilo : planned.FirstSilo;
        int[] silos = [.. Enumerable.Range(first, planned.SiloCount).Select(silo => silo % cluster.Silos.Count)];
        var began = history.Operations.Tick();
        await BeginAsync(planned.Kind, silos);
        await Task.Delay(planned.Duration);
        await EndAsync(planned.Kind, silos);
        await cluster.RunAgainAsync(history);
        history.Add(new FaultRecord(planned.Kind, silos, sequencer is { } number && silos.Contains(number), began, history.Operations.Tick()));
    }

    private async Task BeginAsync(FaultKind kind, int[] silos)
    {
        switch (kind)
        {
            case FaultKind.Kill:
                await Task.WhenAll(silos.Select(silo => cluster.Silos[silo].KillAsync()));
                break;
            case FaultKind.Terminate:
                await Task.WhenAll(silos.Select(silo => cluster.Silos[silo].TerminateAsync(TerminationLimit)));
                break;
            case FaultKind.Pause:
                foreach (var silo in silos)
                    cluster.Silos[silo].Pause();
                break;
            case FaultKind.CutFromSilos or FaultKind.StallFromSilos or FaultKind.CutFromDatabase or FaultKind.StallFromDatabase
                or FaultKind.StallFromAll:
                foreach (var silo in silos)
                    Disturb(kind, silo);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a fault");
        }
    }

    private void Disturb(FaultKind kind, int silo)
    {
        var network = cluster.Network ?? throw new InvalidOperationException("The cluster was started without a network to disturb.");
        if (kind is FaultKind.CutFromDatabase)
            network.ToDatabase(silo).Cut();
        if (kind is FaultKind.StallFromDatabase or FaultKind.StallFromAll)
            network.ToDatabase(silo).Stall();
        foreach (var link in network.ToOthers(silo))
        {
            if (kind is FaultKind.CutFromSilos)
                link.Cut();
            if (kind is FaultKind.StallFromSilos or FaultKind.StallFromAll)
                link.Stall();
        }
    }

    private async Task EndAsync(FaultKind kind, int[] silos)
    {
        if (kind == FaultKind.Pause)
        {
            foreach (var silo in silos)
                cluster.Silos[silo].Resume();
        }
        else if (kind is FaultKind.Kill or FaultKind.Terminate)
            await Task.WhenAll(silos.Select(silo => cluster.Silos[silo].StartAsync()));
        else
            cluster.Network!.Heal();
    }
}
