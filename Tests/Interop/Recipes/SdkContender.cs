using System.Globalization;
using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Recipes;
using OrleansKeeper.ClientSdk.Recipes.Elections;
using OrleansKeeper.ClientSdk.Recipes.Locks;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Tests.Interop.Recipes;

/// <summary>
/// The .NET client's part in contending with a client in another language: what <c>contender.py</c> and <c>Contender.java</c> do.
/// </summary>
internal sealed class SdkContender(IKeeperClient client, string path, string kind, RecipeLayout layout)
{
    private readonly List<long> _tokens = [];

    /// <summary>The tokens of the turns so far.</summary>
    public IReadOnlyList<long> Tokens => _tokens;

    public Task PrepareAsync() => client.CreateAsync(path + "-count", "0");

    public async Task ContendAsync(int turns)
    {
        for (; turns > 0; turns--)
        {
            await using var granted = await AcquireAsync();
            await WorkAsync();
        }
    }

    /// <summary>What is contended for; disposing gives it back.</summary>
    public async Task<IAsyncDisposable> AcquireAsync()
    {
        switch (kind)
        {
            case "lock" or "lock of Curator's layout":
                return Note(await new DistributedLock(client, path, new LockOptions { Layout = layout }).AcquireAsync());
            case "write lock":
                return Note(await new DistributedReadWriteLock(client, path, new LockOptions { Layout = layout }).WriteLock.AcquireAsync());
            case "semaphore":
                var lease = await new DistributedSemaphore(client, path, 1).AcquireAsync();
                _tokens.Add(lease.FencingToken);
                return lease;
            case "election":
                var term = await new LeaderElection(client, path, new LeaderElectionOptions { Layout = layout }).CampaignAsync();
                _tokens.Add(term.FencingToken);
                return term;
            default:
                throw new ArgumentOutOfRangeException(kind);
        }
    }

    public async Task<int> CountAsync() => int.Parse(await client.GetTextAsync(path + "-count"), CultureInfo.InvariantCulture);

    private LockHandle Note(LockHandle handle)
    {
        _tokens.Add(handle.FencingToken);
        return handle;
    }

    /// <summary>Alone, or the create of a znode that exists fails, or a count is lost.</summary>
    private async Task WorkAsync()
    {
        await client.CreateAsync(path + "-inside", CreateMode.Ephemeral);
        var count = await CountAsync();
        await client.SetTextAsync(path + "-count", (count + 1).ToString(CultureInfo.InvariantCulture));
        await client.DeleteAsync(path + "-inside");
    }
}
