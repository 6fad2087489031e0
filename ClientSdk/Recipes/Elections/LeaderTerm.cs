using OrleansKeeper.ClientSdk.Recipes.Contention;

namespace OrleansKeeper.ClientSdk.Recipes.Elections;

/// <summary>A term as the leader. Disposing resigns.</summary>
public sealed class LeaderTerm : IAsyncDisposable
{
    private readonly OwnedZNode _owned;

    internal LeaderTerm(OwnedZNode owned) => _owned = owned;

    /// <summary>
    /// The zxid of the transaction that created the leader's znode: each term has a greater one than all terms before. Hand it along with
    /// what the leader orders, so that those who obey can refuse a former leader that does not know yet that it is one.
    /// </summary>
    public long FencingToken => _owned.FencingToken;

    /// <summary>
    /// Cancelled when the term is over though nobody resigned, or when nobody can vouch for it any more: the session expired, nothing was
    /// heard from the service for the session's timeout, or somebody deleted the znode. Whoever leads must stop leading. Resigning does not
    /// cancel it.
    /// </summary>
    public CancellationToken LostToken => _owned.LostToken;

    /// <summary>The leader's znode, which exists as long as the term lasts: for <c>Check</c> in a transaction.</summary>
    public string Path => _owned.Path;

    /// <summary>
    /// Resigns: the next candidate leads. Without a connection it returns, and the znode is deleted in the background after the next
    /// reconnect. Disposing again does nothing.
    /// </summary>
    public ValueTask DisposeAsync() => _owned.DisposeAsync();
}
