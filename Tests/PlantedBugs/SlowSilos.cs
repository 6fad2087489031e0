using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using OrleansKeeper.Grains.Clustering;

namespace OrleansKeeper.Tests.PlantedBugs;

/// <summary>The commit feed is slow, as over a long way. That breaks no rule, and shows who relies on a fast one.</summary>
internal sealed class SlowSilos([FromKeyedServices(ServiceReplacement.Sound)] ISilos silos, TimeProvider time) : FaultySilos(silos)
{
    private static readonly TimeSpan Way = TimeSpan.FromMilliseconds(20);

    public override async Task<FeedReply> FollowAsync(SiloAddress silo, FeedMessage message)
    {
        await Task.Delay(Way, time);
        return await base.FollowAsync(silo, message);
    }
}
