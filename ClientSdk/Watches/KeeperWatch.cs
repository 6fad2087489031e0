namespace OrleansKeeper.ClientSdk.Watches;

/// <summary>
/// A persistent watch: its events, in order, for one reader. Events wait for the reader, <see cref="KeeperClientOptions.MaxEventsPerWatch"/> at most; when it
/// lets more come together, those behind are dropped and it gets one of type <see cref="WatchEventType.Missed"/> for them. Disposing removes the watch.
/// </summary>
public abstract class KeeperWatch : IAsyncEnumerable<WatchEvent>, IAsyncDisposable
{
    /// <summary>The path that is watched.</summary>
    public abstract string Path { get; }

    /// <summary>The events, until the watch or the client is disposed or the token is cancelled.</summary>
    public abstract IAsyncEnumerator<WatchEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default);

    /// <summary>Removes the watch.</summary>
    public abstract ValueTask DisposeAsync();
}
