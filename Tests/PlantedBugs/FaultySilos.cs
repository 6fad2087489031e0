using Orleans.Runtime;
using OrleansKeeper.GrainInterfaces;
using OrleansKeeper.Grains.Clustering;

namespace OrleansKeeper.Tests.PlantedBugs;

/// <summary>A way to the other silos that is as the real one, except for what becomes of the feed.</summary>
internal abstract class FaultySilos(ISilos silos) : ISilos
{
    public SiloAddress Self => silos.Self;

    public CancellationToken DeclaredDead => silos.DeclaredDead;

    public IReadOnlyList<SiloAddress> Others => silos.Others;

    public bool IsAlive(SiloAddress silo) => silos.IsAlive(silo);

    public Task<ProbeReply> ProbeAsync(SiloAddress silo) => silos.ProbeAsync(silo);

    public Task<bool> SubmitAsync(SiloAddress silo, int epoch, Submission submission) => silos.SubmitAsync(silo, epoch, submission);

    public virtual Task<FeedReply> FollowAsync(SiloAddress silo, FeedMessage message) => silos.FollowAsync(silo, message);

    public Task<bool> TakeOverAsync(SiloAddress silo, int epoch) => silos.TakeOverAsync(silo, epoch);

    public Task<bool> HandOverAsync(SiloAddress silo, int epoch, SiloAddress to) => silos.HandOverAsync(silo, epoch, to);
}
