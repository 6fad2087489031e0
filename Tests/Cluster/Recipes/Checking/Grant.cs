using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Recipes.Elections;
using OrleansKeeper.ClientSdk.Recipes.Locks;

namespace OrleansKeeper.Tests.Cluster.Recipes.Checking;

/// <summary>What one holder was granted, whichever recipe it is of.</summary>
internal sealed record Grant(long Token, CancellationToken Lost, string ZNode, IAsyncDisposable Handle) : IAsyncDisposable
{
    public static async Task<Grant> AcquireAsync(ExclusiveRecipe recipe, IKeeperClient client, string path)
    {
        switch (recipe)
        {
            case ExclusiveRecipe.Lock:
                var held = await new DistributedLock(client, path).AcquireAsync();
                return new Grant(held.FencingToken, held.LostToken, held.Path, held);
            case ExclusiveRecipe.WriteLock:
                var written = await new DistributedReadWriteLock(client, path).WriteLock.AcquireAsync();
                return new Grant(written.FencingToken, written.LostToken, written.Path, written);
            case ExclusiveRecipe.SemaphoreOfOne:
                var lease = await new DistributedSemaphore(client, path, 1).AcquireAsync();
                return new Grant(lease.FencingToken, lease.LostToken, lease.Path, lease);
            case ExclusiveRecipe.LeaderElection:
                var term = await new LeaderElection(client, path).CampaignAsync();
                return new Grant(term.FencingToken, term.LostToken, term.Path, term);
            default:
                throw new ArgumentOutOfRangeException(nameof(recipe));
        }
    }

    public ValueTask DisposeAsync() => Handle.DisposeAsync();
}
