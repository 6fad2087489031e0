using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Recipes.Contention;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Recipes.Locks;

/// <summary>So many leases among all who name the same path; they are granted in the order in which they were asked for.</summary>
/// <remarks>
/// <para>
/// The layout is that of Curator's <c>InterProcessSemaphoreV2</c>: leases are <c>PATH/leases/_c_GUID-lease-SEQUENCE</c>, and a lock at
/// <c>PATH/locks</c> lets one at a time wait for a free one. That one alone watches the leases, so that nobody is woken in vain. kazoo's
/// <c>Semaphore</c> lays out its znodes otherwise, and does not share leases with this one.
/// </para>
/// <para>How many leases there are is a convention among those who use the path: let all name the same number.</para>
/// </remarks>
public sealed class DistributedSemaphore
{
    private readonly IKeeperClient _client;
    private readonly ContentionPlace _turn;
    private readonly ContentionPlace _leases;

    /// <summary>The semaphore at a path. Nothing is sent before a lease is acquired.</summary>
    /// <param name="client">The client.</param>
    /// <param name="path">The semaphore's path; it need not exist.</param>
    /// <param name="maxLeases">How many leases there are.</param>
    /// <param name="options">What the leases carry.</param>
    /// <exception cref="ArgumentException">The path is not one that a znode can have, or there are no leases.</exception>
    public DistributedSemaphore(IKeeperClient client, string path, int maxLeases, ContenderOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxLeases);
        options ??= new ContenderOptions();
        _client = client;
        _turn = ContentionPlace.Create(
            ZNodePath.Append(path, "locks"), ContenderKind.Lock, RecipeLayout.Curator, ContentionRules.Exclusive, options);
        _leases = ContentionPlace.Create(
            ZNodePath.Append(path, "leases"), ContenderKind.Lease, RecipeLayout.Curator, ContentionRules.FirstOf(maxLeases), options);
        Path = path;
        MaxLeases = maxLeases;
    }

    /// <summary>The semaphore's path.</summary>
    public string Path { get; }

    /// <summary>How many leases there are.</summary>
    public int MaxLeases { get; }

    /// <summary>Waits until a lease is granted, through lost connections and sessions.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled; nothing stays behind.</exception>
    /// <exception cref="KeeperException">It cannot be granted: an access control list forbids it, or the client was disposed.</exception>
    public async Task<SemaphoreLease> AcquireAsync(CancellationToken cancellationToken = default) =>
        (await TryAcquireAsync(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false))!;

    /// <summary>Waits until a lease is granted, but not longer than this.</summary>
    /// <param name="timeout">How long; by default not at all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null if none was granted in that time; nothing stays behind.</returns>
    /// <exception cref="ConnectionLostException">The client was not connected when the time was up.</exception>
    public async Task<SemaphoreLease?> TryAcquireAsync(TimeSpan timeout = default, CancellationToken cancellationToken = default)
    {
        var limit = new TimeLimit(timeout);
        await using var turn = await new Acquisition(_client, _turn).RunAsync(timeout, cancellationToken).ConfigureAwait(false);
        if (turn is null)
            return null;

        var lease = await new Acquisition(_client, _leases).RunAsync(limit.Remaining, cancellationToken).ConfigureAwait(false);
        return lease is null ? null : new SemaphoreLease(lease);
    }

    /// <summary>Who holds leases, or is the next to get one.</summary>
    public Task<IReadOnlyList<Contender>> GetHoldersAsync(CancellationToken cancellationToken = default) =>
        Contenders.ReadAsync(_client, _leases.Parent, cancellationToken);
}
