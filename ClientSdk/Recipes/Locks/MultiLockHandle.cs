namespace OrleansKeeper.ClientSdk.Recipes.Locks;

/// <summary>Several locks that are held together. Disposing releases them.</summary>
public sealed class MultiLockHandle : IAsyncDisposable
{
    private readonly CancellationTokenSource _lost;
    private readonly LockHandle[] _handles;

    internal MultiLockHandle((string Path, LockHandle Handle)[] locks)
    {
        _handles = [.. locks.Select(each => each.Handle)];
        _lost = CancellationTokenSource.CreateLinkedTokenSource([.. _handles.Select(handle => handle.LostToken)]);
        LostToken = _lost.Token;
        Handles = locks.ToDictionary(each => each.Path, each => each.Handle, StringComparer.Ordinal);
    }

    /// <summary>
    /// The greatest of the locks' tokens. Whoever holds the same set of locks later has a greater one. What one of the locks alone protects
    /// wants that lock's own token, from <see cref="Handles"/>: between sets that differ, the greatest tokens are not in order.
    /// </summary>
    public long FencingToken => _handles.Max(handle => handle.FencingToken);

    /// <summary>Cancelled when one of the locks is not held any more, or nobody can vouch for it. Disposing does not cancel it.</summary>
    public CancellationToken LostToken { get; }

    /// <summary>The single locks, by their paths.</summary>
    public IReadOnlyDictionary<string, LockHandle> Handles { get; }

    /// <summary>Releases the locks. Disposing again does nothing.</summary>
    public ValueTask DisposeAsync()
    {
        _lost.Dispose();
        return new ValueTask(ReleaseAsync(_handles));
    }

    internal static Task ReleaseAsync(IEnumerable<LockHandle> handles) =>
        Task.WhenAll(handles.Select(handle => handle.DisposeAsync().AsTask()));
}
