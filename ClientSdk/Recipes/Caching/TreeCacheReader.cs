using System.Threading.Channels;

namespace OrleansKeeper.ClientSdk.Recipes.Caching;

/// <summary>
/// Somebody who reads a cache's changes. Each event waits together with the view that it led to, so that a reader whose queue is full can be brought up to date
/// from what it has seen by comparing views. Offered to and resynchronized under the cache's lock.
/// </summary>
internal sealed class TreeCacheReader
{
    private readonly Channel<(TreeCacheEvent Event, TreeView View)> _queue;

    public TreeCacheReader(TreeView view, int capacity)
    {
        Seen = view;
        _queue = Channel.CreateBounded<(TreeCacheEvent, TreeView)>(new BoundedChannelOptions(capacity) { SingleReader = true, SingleWriter = true });
    }

    /// <summary>The view that all events up to the last one read have led to.</summary>
    public TreeView Seen { get; private set; }

    /// <summary>Whether what is in the queue is not all that happened. It stays so until the reader catches up.</summary>
    public bool HasMissed { get; private set; }

    public void Offer(in TreeCacheEvent change, TreeView view)
    {
        if (!HasMissed && !_queue.Writer.TryWrite((change, view)))
            HasMissed = true;
    }

    /// <summary>The view was replaced by one that no events lead to.</summary>
    public void Miss()
    {
        HasMissed = true;

        // Only to wake the reader: what a full queue cannot take is not needed for that.
        _queue.Writer.TryWrite((default, null!));
    }

    public void End(Exception? exception) => _queue.Writer.TryComplete(exception);

    /// <summary>The reader is given what leads from <see cref="Seen"/> to this view, and with it all that waits in the queue.</summary>
    public void CatchUp(TreeView view)
    {
        while (_queue.Reader.TryRead(out _))
        {
        }

        Seen = view;
        HasMissed = false;
    }

    public bool TryRead(out TreeCacheEvent change)
    {
        while (_queue.Reader.TryRead(out var next))
        {
            if (next.View is null)
                continue;
            Seen = next.View;
            change = next.Event;
            return true;
        }

        change = default;
        return false;
    }

    public ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken) => _queue.Reader.WaitToReadAsync(cancellationToken);
}
