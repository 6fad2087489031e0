using OrleansKeeper.GrainInterfaces;

namespace OrleansKeeper.Grains.Clustering;

/// <summary>The silos of the cluster, this one and the others.</summary>
internal interface ISilos
{
    /// <summary>This silo.</summary>
    SiloAddress Self { get; }

    /// <summary>Cancelled when membership has declared this silo dead: its process is about to end.</summary>
    CancellationToken DeclaredDead { get; }

    /// <summary>The others that are not known to be dead or stopping.</summary>
    IReadOnlyList<SiloAddress> Others { get; }

    /// <summary>Whether a silo is one of the cluster's that is not known to be dead.</summary>
    bool IsAlive(SiloAddress silo);

    /// <inheritdoc cref="ISiloService.Probe"/>
    Task<ProbeReply> ProbeAsync(SiloAddress silo);

    /// <inheritdoc cref="ISiloService.Submit"/>
    Task<bool> SubmitAsync(SiloAddress silo, int epoch, Submission submission);

    /// <inheritdoc cref="ISiloService.Follow"/>
    Task<FeedReply> FollowAsync(SiloAddress silo, FeedMessage message);

    /// <inheritdoc cref="ISiloService.TakeOver"/>
    Task<bool> TakeOverAsync(SiloAddress silo, int epoch);

    /// <inheritdoc cref="ISiloService.HandOver"/>
    Task<bool> HandOverAsync(SiloAddress silo, int epoch, SiloAddress to);
}
