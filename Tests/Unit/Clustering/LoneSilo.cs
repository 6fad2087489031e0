using System.Net;
using OrleansKeeper.GrainInterfaces;
using OrleansKeeper.Grains.Clustering;

namespace OrleansKeeper.Tests.Unit.Clustering;

/// <summary>A cluster of one silo, which has nobody to send anything to.</summary>
internal sealed class LoneSilo : ISilos
{
    public SiloAddress Self { get; } = SiloAddress.New(IPAddress.Loopback, 11111, 1);

    public CancellationToken DeclaredDead => CancellationToken.None;

    public IReadOnlyList<SiloAddress> Others => [];

    public bool IsAlive(SiloAddress silo) => silo.Equals(Self);

    public Task<ProbeReply> ProbeAsync(SiloAddress silo) => throw Nobody(silo);

    public Task<bool> SubmitAsync(SiloAddress silo, int epoch, Submission submission) => throw Nobody(silo);

    public Task<FeedReply> FollowAsync(SiloAddress silo, FeedMessage message) => throw Nobody(silo);

    public Task<bool> TakeOverAsync(SiloAddress silo, int epoch) => throw Nobody(silo);

    public Task<bool> HandOverAsync(SiloAddress silo, int epoch, SiloAddress to) => throw Nobody(silo);

    private static InvalidOperationException Nobody(SiloAddress silo) => new($"There is no silo {silo}.");
}
