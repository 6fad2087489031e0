using OrleansKeeper.ClientSdk.Recipes.Contention;

namespace OrleansKeeper.ClientSdk.Recipes.Barriers;

/// <summary>Being a member of those who crossed a double barrier.</summary>
public sealed class BarrierMembership : IAsyncDisposable
{
    private readonly IKeeperClient _client;
    private readonly BarrierPlace _place;
    private readonly OwnedZNode _owned;

    internal BarrierMembership(IKeeperClient client, BarrierPlace place, OwnedZNode owned)
    {
        _client = client;
        _place = place;
        _owned = owned;
    }

    /// <summary>
    /// Cancelled when this is not a member any more, or nobody can vouch for it: the others then do not wait for it. The session expired,
    /// nothing was heard from the service for the session's timeout, or somebody deleted the znode.
    /// </summary>
    public CancellationToken LostToken => _owned.LostToken;

    /// <summary>The member's znode.</summary>
    public string Path => _owned.Path;

    /// <summary>Returns when all who were members when it was called have left; waits through lost connections and sessions.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled; the others do not wait for this member then.</exception>
    public async Task LeaveAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await new BarrierExit(_client, _place, _owned).RunAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Leaves without waiting for the others; does nothing after <see cref="LeaveAsync"/>, or again.</summary>
    public ValueTask DisposeAsync() => _owned.DisposeAsync();
}
