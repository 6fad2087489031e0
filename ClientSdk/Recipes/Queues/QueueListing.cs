using OrleansKeeper.ClientSdk.Watches;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Recipes.Queues;

/// <summary>
/// The items of a queue as the service's events tell of them, kept so that nobody lists them again for each one taken; and those in this object who wait
/// for one. What is taken and what is there is decided by events alone, in their order. Replies may be handled before or after events that preceded them: so one that
/// says "somebody else was first" only sets the item aside until the next event about it, which must come, unless one came since the attempt began.
/// </summary>
internal sealed class QueueListing : IDisposable
{
    // Among how many items those who collide choose.
    private const int WidestChoice = 16;

    private readonly QueuePaths _paths;
    private readonly bool _rankIsDueTime;
    private readonly TimeProvider _time;
    private readonly ITimer _dueTimer;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ListedItem> _items = [];
    private readonly SortedSet<ListedItem> _available = [];
    private readonly LinkedList<TaskCompletionSource<ListedItem>> _waiting = [];
    private int _collisions;
    private Exception? _ended;

    /// <summary>A listing without items.</summary>
    /// <param name="paths">Where the queue's znodes are.</param>
    /// <param name="rankIsDueTime">Whether an item's rank is the time, in milliseconds since the Unix epoch, before which it is not taken.</param>
    /// <param name="time">The clock.</param>
    public QueueListing(QueuePaths paths, bool rankIsDueTime, TimeProvider time)
    {
        _paths = paths;
        _rankIsDueTime = rankIsDueTime;
        _time = time;
        _dueTimer = time.CreateTimer(_ => HandOutLocked(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Waits for an item that nobody is known to have, and reserves it.</summary>
    public async Task<ListedItem> ReserveAsync(CancellationToken cancellationToken)
    {
        var node = new LinkedListNode<TaskCompletionSource<ListedItem>>(new(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_gate)
        {
            if (_ended is not null)
                throw _ended;
            _waiting.AddLast(node);
            HandOut();
        }

        await using (cancellationToken.UnsafeRegister(_ => Withdraw(node, cancellationToken), state: null).ConfigureAwait(false))
            return await node.Value.Task.ConfigureAwait(false);
    }

    /// <summary>How many events there were about an item, to be told with <see cref="Lose"/>.</summary>
    public int EventsAbout(ListedItem item)
    {
        lock (_gate)
        {
            return item.Events;
        }
    }

    /// <summary>Somebody else has the reserved item, or it is gone.</summary>
    public void Lose(ListedItem item, int eventsBefore)
    {
        lock (_gate)
        {
            _collisions = Math.Min(_collisions + 1, WidestChoice);
            item.IsContended = item.Events == eventsBefore;
            item.IsReserved = false;
            Update(item);
            HandOut();
        }
    }

    /// <summary>The reserved item was taken.</summary>
    public void Hold(ListedItem item, QueueItem holder)
    {
        lock (_gate)
        {
            _collisions = 0;
            item.Holder = holder;
            if (item.UnlockedAt > holder.FencingToken)
                holder.MarkLost();
        }
    }

    /// <summary>The attempt to take the reserved item failed for a reason that says nothing about the item.</summary>
    public void Release(ListedItem item)
    {
        lock (_gate)
        {
            item.IsReserved = false;
            Update(item);
            HandOut();
        }
    }

    /// <summary>The taken item was returned: its lock is gone, of which the events may not tell yet.</summary>
    public void Return(ListedItem item, long token)
    {
        lock (_gate)
        {
            item.Holder = null;
            item.IsReserved = false;
            item.IsTaken &= item.UnlockedAt > token;
            Update(item);
            HandOut();
        }
    }

    /// <summary>What the service says there is, read after the watch was set.</summary>
    public void Load(IReadOnlyList<string> entries, ZNodeChildren taken)
    {
        lock (_gate)
        {
            var present = entries.ToHashSet();
            foreach (var gone in _items.Keys.Where(name => !present.Contains(name)).ToList())
                Remove(gone);

            var locked = taken.ToHashSet();
            foreach (var text in present)
            {
                if (Find(text, add: true) is not { } item)
                    continue;
                item.IsTaken = locked.Contains(text);
                item.IsContended = false;
                item.Events++;
                if (!item.IsTaken)
                    NoteUnlock(item, taken.Stat.Pzxid);
                Update(item);
            }

            // Only now: the first one listed need not be the first to go.
            HandOut();
        }
    }

    /// <summary>What the service's watch says.</summary>
    public void Apply(WatchEvent watchEvent)
    {
        if (watchEvent.Type is not (WatchEventType.NodeCreated or WatchEventType.NodeDeleted) || watchEvent.Path.Length <= _paths.Root.Length)
            return;

        var parent = ZNodePath.Parent(watchEvent.Path);
        var isEntry = parent == _paths.Entries;
        if (!isEntry && parent != _paths.Taken)
            return;

        var name = ZNodePath.Name(watchEvent.Path).ToString();
        var isCreated = watchEvent.Type == WatchEventType.NodeCreated;
        lock (_gate)
        {
            if (isEntry && !isCreated)
            {
                Remove(name);
                return;
            }

            if (Find(name, add: isEntry) is not { } item)
                return;
            item.Events++;
            item.IsContended = false;
            if (!isEntry)
            {
                item.IsTaken = isCreated;
                if (!isCreated)
                    NoteUnlock(item, watchEvent.Zxid);
            }

            Update(item);
            HandOut();
        }
    }

    /// <summary>There will be no more items.</summary>
    public void End(Exception reason)
    {
        lock (_gate)
        {
            _ended ??= reason;
            foreach (var waiter in _waiting)
                waiter.TrySetException(reason);
            _waiting.Clear();
        }
    }

    public void Dispose() => _dueTimer.Dispose();

    private static void NoteUnlock(ListedItem item, long zxid)
    {
        item.UnlockedAt = Math.Max(item.UnlockedAt, zxid);
        if (item.Holder is { } holder && zxid > holder.FencingToken)
            holder.MarkLost();
    }

    private ListedItem? Find(string text, bool add)
    {
        if (_items.TryGetValue(text, out var item) || !add || ItemName.TryParse(text) is not { } name)
            return item;

        item = new ListedItem(name);
        _items.Add(text, item);
        return item;
    }

    private void Remove(string name)
    {
        if (!_items.Remove(name, out var item))
            return;
        item.Events++;
        _available.Remove(item);
    }

    private void Update(ListedItem item)
    {
        if (item.IsAvailable && _items.ContainsKey(item.Name.Text))
            _available.Add(item);
        else
            _available.Remove(item);
    }

    private void Withdraw(LinkedListNode<TaskCompletionSource<ListedItem>> node, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (node.List is null)
                return;
            _waiting.Remove(node);
        }

        node.Value.TrySetCanceled(cancellationToken);
    }

    private void HandOutLocked()
    {
        lock (_gate)
        {
            HandOut();
        }
    }

    private void HandOut()
    {
        while (_waiting.First is { } waiter && Choose() is { } item)
        {
            _waiting.RemoveFirst();
            item.IsReserved = true;
            _available.Remove(item);
            waiter.Value.SetResult(item);
        }
    }

    // The first item; after collisions with other clients one of the first few that may go first as well, so that all do not want the same one again.
    private ListedItem? Choose()
    {
        if (_available.Min is not { } first)
            return null;

        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        if (_rankIsDueTime && first.Name.Rank > now)
        {
            _dueTimer.Change(UntilDue(first.Name.Rank - now), Timeout.InfiniteTimeSpan);
            return null;
        }

        if (_collisions == 0)
            return first;
        var latestRank = _rankIsDueTime ? now : first.Name.Rank;
        return _available.Take(Random.Shared.Next(_collisions + 1) + 1).TakeWhile(item => item.Name.Rank <= latestRank).Last();
    }

    // Timers take at most 49 days; one that fires early is set again.
    private static TimeSpan UntilDue(long milliseconds) => TimeSpan.FromMilliseconds(Math.Min(milliseconds, TimeSpan.MillisecondsPerDay));
}
