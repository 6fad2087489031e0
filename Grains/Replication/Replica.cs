using System.Collections.Concurrent;
using OrleansKeeper.Grains.Storage;
using OrleansKeeper.Grains.Transactions;
using OrleansKeeper.Grains.Watches;
using OrleansKeeper.Grains.ZNodes;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Grains.Replication;

/// <summary>
/// This silo's copy of what the log says: the resident tree, the open sessions and the watches, exactly as of the watermark (rule R4).
/// Transactions are applied by one caller at a time, each in four steps: it is announced, published invisibly, its watches fire,
/// and the watermark rises. So nobody can read a change before the events that it caused are on their way (rule R6), and whoever sets
/// a watch can tell from <see cref="Announced"/> whether a change may have passed it by.
/// </summary>
internal sealed class Replica
{
    private readonly Lock _applyLock = new();
    private readonly ResidentSet _resident;
    private readonly DirtySet _dirty = new();
    private readonly ConcurrentDictionary<long, SessionRecord> _sessions = new();
    private readonly ConcurrentDictionary<string, byte> _containers = new();
    private readonly List<TreeNode> _published = [];
    private readonly WatermarkWaiters _waiters = new();
    private readonly Action<TreeNode> _placeMade;

    private long _announced;
    private long _mark;
    private long _interruptedTarget;
    private long _znodeCount;
    private long _changedBytes;
    private long _checkpointingBytes;
    private CheckpointContent? _checkpointing;
    private long _cacheBytes = long.MaxValue;
    private bool _isFollowing;

    /// <summary>What one load looks at, at most, to make room for itself: more than the others that it brings along.</summary>
    private const int StepsForOneLoad = 4096;

    public Replica(int fewestNamesToFilter = ResidentSet.FewestNamesToFilter)
    {
        _resident = new ResidentSet(fewestNamesToFilter);
        _placeMade = _resident.Add;
    }

    public ZNodeTree Tree { get; } = new();

    public WatchTable Watches { get; } = new();

    public EphemeralIndex Ephemerals { get; } = new();

    public long Watermark => Tree.Watermark;

    /// <summary>Zxid of the transaction that is being applied, or the watermark when none is.</summary>
    public long Announced => Volatile.Read(ref _announced);

    /// <summary>Everything up to this zxid is in the store.</summary>
    public long Mark => Volatile.Read(ref _mark);

    public long ZNodeCount => Volatile.Read(ref _znodeCount);

    /// <summary>What the resident tree may take: what changed cannot be dropped, and comes on top.</summary>
    private long Budget => _cacheBytes == long.MaxValue ? long.MaxValue : _cacheBytes + ChangedBytes;

    /// <summary>Number of changed znodes that no checkpoint has taken yet.</summary>
    public int DirtyCount => _dirty.PlaceCount;

    /// <summary>Estimate of the bytes of memory that changes take which are not in the store yet.</summary>
    public long ChangedBytes => Volatile.Read(ref _changedBytes) + Volatile.Read(ref _checkpointingBytes);

    /// <summary>Estimate of the bytes that the resident tree takes.</summary>
    public long ResidentBytes => _resident.Bytes;

    /// <summary>The paths of all container and TTL znodes.</summary>
    public ICollection<string> Containers => _containers.Keys;

    public ICollection<SessionRecord> Sessions => _sessions.Values;

    public int SessionCount => _sessions.Count;

    public SessionRecord? FindSession(long sessionId) => _sessions.GetValueOrDefault(sessionId);

    public Found Find(ReadOnlySpan<char> path) => Tree.Find(path);

    /// <summary>Begins with what the store holds as of its mark; transactions behind it are applied next.</summary>
    public void Begin(
        StoreMarks marks,
        IEnumerable<SessionRow> sessions,
        IEnumerable<StoredEphemeral> ephemerals,
        IEnumerable<string> containers,
        long cacheBytes)
    {
        foreach (var session in sessions)
            _sessions[session.SessionId] = new SessionRecord(session.SessionId, session.PasswordHash!, session.TimeoutMilliseconds, Shared(session.Owner));
        foreach (var (path, sessionId, acl) in ephemerals)
            Ephemerals.Set(sessionId, path, acl);
        foreach (var path in containers)
            _containers[path] = 0;
        _cacheBytes = cacheBytes;
        _znodeCount = marks.ZNodeCount;
        _mark = marks.Mark;
        _interruptedTarget = marks.Target;
        _announced = marks.Mark;
        Tree.RaiseWatermark(marks.Mark);
    }

    /// <summary>Applies the next transaction; one that was applied already changes nothing.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="round">Collects the sessions that got events.</param>
    public void Apply(Transaction transaction, DeliveryRound round)
    {
        if (transaction.Zxid <= Watermark)
            return;

        lock (_applyLock)
        {
            // A full fence: whoever sets a watch after this sees the announcement, and a watch set before is seen below.
            Interlocked.Exchange(ref _announced, transaction.Zxid);
            Publish(transaction);
            FireWatches(transaction, round);
            Tree.RaiseWatermark(transaction.Zxid);
            Settle();
        }

        _waiters.Release(transaction.Zxid);
    }

    /// <summary>
    /// Another silo writes the checkpoints from now on. Which rows they have is not known here at every moment, so whatever is deleted stays
    /// as deleted until the mark has passed it, lest an old row is taken for it (rule R7).
    /// </summary>
    public void BeginFollowing()
    {
        lock (Tree.WriterLock)
        {
            _isFollowing = true;
            _dirty.MarkAllStored();
        }
    }

    /// <summary>This silo writes the checkpoints from now on.</summary>
    public void BeginLeading()
    {
        lock (Tree.WriterLock)
            _isFollowing = false;
    }

    /// <summary>Another silo's checkpoint has moved the mark.</summary>
    public void MarkMoved(long mark)
    {
        if (mark <= Mark)
            return;

        lock (Tree.WriterLock)
        {
            if (!_isFollowing || mark <= Mark)
                return;

            Volatile.Write(ref _mark, mark);
            // What is just being published is not to be seen yet, whatever the mark says.
            var deleted = _dirty.Clean(Math.Min(mark, Watermark), out _changedBytes);
            foreach (var place in deleted)
            {
                if (place is { Loading: 0, Parent.Loading: 0 })
                    Remove(place);
            }
        }

        KeepBudget(_resident.PlaceCount);
    }

    /// <summary>Completes when this replica has seen a transaction.</summary>
    public Task WaitForAsync(long zxid) => _waiters.WaitAsync(zxid, () => Watermark);

    /// <summary>Waits until this replica has seen a transaction; false when it has not within that time.</summary>
    public ValueTask<bool> TryWaitForAsync(long zxid, TimeSpan patience, TimeProvider time) =>
        _waiters.TryWaitAsync(zxid, () => Watermark, patience, time);

    /// <summary>Takes what changed since the last checkpoint was begun.</summary>
    public CheckpointContent TakeCheckpoint()
    {
        lock (_applyLock)
        {
            lock (Tree.WriterLock)
            {
                (_checkpointingBytes, _changedBytes) = (_changedBytes, 0);
                return _checkpointing = _dirty.Take(Watermark, ZNodeCount);
            }
        }
    }

    /// <summary>Everything that a checkpoint took is in the store.</summary>
    public void CheckpointCompleted(CheckpointContent content)
    {
        lock (Tree.WriterLock)
        {
            Volatile.Write(ref _mark, content.Target);
            (_checkpointingBytes, _checkpointing) = (0, null);
            foreach (var (place, version, _) in content.Places)
            {
                if (!version.Exists && ReferenceEquals(place.Current, version) && place is { Loading: 0, Parent.Loading: 0 })
                    Remove(place);
            }
        }

        KeepBudget(_resident.PlaceCount);
    }

    /// <summary>A checkpoint failed: what it took is for the next one.</summary>
    public void CheckpointFailed(CheckpointContent content)
    {
        lock (Tree.WriterLock)
        {
            _changedBytes += _checkpointingBytes;
            (_checkpointingBytes, _checkpointing) = (0, null);
            _dirty.PutBack(content);
        }
    }

    /// <summary>
    /// The places that changed behind the checkpoint mark: of what stands there now the store may know nothing. When a path stands there twice,
    /// because its place was forgotten and made again, the later is what it is now.
    /// </summary>
    public IReadOnlyList<TreeNode> ChangedPlaces()
    {
        lock (Tree.WriterLock)
            return _checkpointing is { } content ? [.. content.Places.Select(change => change.Place), .. _dirty.Places] : [.. _dirty.Places];
    }

    /// <summary>
    /// Marks a path as loading, so that nothing known about it is dropped (rule R7), and returns its place;
    /// null when there is nothing to load because there is no such znode for certain.
    /// </summary>
    public TreeNode? BeginLoad(string path)
    {
        lock (Tree.WriterLock)
        {
            var place = Tree.PlaceToLoad(path, _placeMade);
            if (place is not null)
                place.Loading++;
            return place;
        }
    }

    /// <summary>A znode was read from the store: what is resident by now wins.</summary>
    public void CompleteLoad(TreeNode place, ZNode? row)
    {
        lock (Tree.WriterLock)
        {
            place.IsUnconfirmed = false;
            place.IsUsed = true;
            if (place.Current is null)
            {
                place.Current = row ?? ZNode.Never;
                place.IsStored = row is not null;
                if (row is { NumChildren: 0 })
                    place.Children ??= ChildTable.EmptyComplete;
                for (var above = place.Parent; row is not null && above is { IsUnconfirmed: true }; above = above.Parent)
                    above.IsUnconfirmed = false;
            }
            else if (row is not null && place.Current is { Exists: true, IsDataResident: false } current)
            {
                var merged = current.WithResidentData(row.Data);
                merged.Previous = current.Previous;
                place.Current = merged;
            }

            _resident.Charge(place);
        }

        KeepBudgetBeside(place);
    }

    /// <summary>The names of a znode's children were read from the store: what is resident by now wins.</summary>
    public void CompleteLoadOfChildren(TreeNode place, IReadOnlyList<string> names)
    {
        lock (Tree.WriterLock)
        {
            place.IsUsed = true;
            var children = place.Children ?? ChildTable.Incomplete();
            if (!children.IsComplete)
            {
                var stored = names.ToHashSet();
                foreach (var child in children)
                {
                    if (child.IsUnconfirmed && child.Current is null && !stored.Contains(child.Name))
                        child.Current = ZNode.Never;
                    child.IsUnconfirmed = false;
                }

                foreach (var name in names)
                {
                    var hash = ChildTable.HashOf(name);
                    if (children.Find(name, hash) is not null)
                        continue;

                    var child = new TreeNode(name, place) { IsStored = true, IsUsed = true };
                    children = children.Add(child, hash);
                    _resident.Add(child);
                }

                place.Children = children.AsComplete();
            }
        }

        KeepBudgetBeside(place);
    }

    /// <summary>The names of a znode's children were read from the store, into a filter: what is resident by now is added.</summary>
    public void CompleteLoadOfFilter(TreeNode place, ChildNameFilter filter)
    {
        lock (Tree.WriterLock)
        {
            place.Children = (place.Children ?? ChildTable.Incomplete()).Filtered(filter);
            _resident.Charge(place);
        }

        KeepBudgetBeside(place);
    }

    /// <summary>A load is over, or did not come to an end.</summary>
    public void AbandonLoad(TreeNode place)
    {
        lock (Tree.WriterLock)
            place.Loading--;
    }

    /// <summary>Accounts for a listing that was made for a place.</summary>
    public void ListingMade(TreeNode place)
    {
        lock (Tree.WriterLock)
        {
            if (place.ResidentIndex >= 0)
                _resident.Charge(place);
        }
    }

    private void Publish(Transaction transaction)
    {
        lock (Tree.WriterLock)
        {
            foreach (var change in transaction.Changes)
                Publish(change);
            if (transaction is { Opening: { } opening })
            {
                Publish(new SessionRecord(transaction.SessionId, opening.PasswordHash, opening.TimeoutMilliseconds, OwnerOf(transaction)), transaction.Zxid);
            }
            else if (transaction is { Operation: OpCode.AttachSession, Error: ErrorCode.Ok })
            {
                // Where the checkpoint that was running has written rows already, a later transaction may have closed it.
                if (FindSession(transaction.SessionId) is { } session)
                    Publish(session with { Owner = OwnerOf(transaction) }, transaction.Zxid);
            }
            else if (transaction is { Operation: OpCode.CloseSession, Error: ErrorCode.Ok })
            {
                _sessions.TryRemove(transaction.SessionId, out _);
                _dirty.Add(new SessionRow(transaction.SessionId, null, 0), transaction.Zxid);
            }
        }
    }

    private void Publish(SessionRecord session, long zxid)
    {
        _sessions[session.SessionId] = session;
        _dirty.Add(new SessionRow(session.SessionId, session.PasswordHash, session.TimeoutMilliseconds, session.Owner), zxid);
    }

    private static string? OwnerOf(Transaction transaction) => Shared(transaction.Origin.Submitter);

    /// <summary>One string for all sessions of a silo.</summary>
    private static string? Shared(string? owner) => owner is null ? null : string.Intern(owner);

    private void Publish(in ZNodeChange change)
    {
        var place = Tree.PlaceOf(change.Path, _placeMade);
        var before = place.Current;
        var node = change.Node;
        if (node is { Exists: true, IsDataResident: false } && before is { Exists: true, IsDataResident: true })
            node = node.WithResidentData(before.Data);

        // Changed twice by one transaction: readers still see what stood before all of it.
        node.Previous = before is null ? ZNode.NotResident : before.Zxid == node.Zxid ? before.Previous : before;
        if (change.Kind == ZNodeChangeKind.Created)
            place.Children = WithoutChildren(place);

        // The checkpoint that was running when the process before died may have written a row for it.
        if (_isFollowing || node.Zxid <= _interruptedTarget)
            place.IsStored = true;
        place.Current = node;
        _resident.Charge(place);
        _changedBytes += ResidentSet.VersionBytes + (change.Kind is ZNodeChangeKind.Created or ZNodeChangeKind.DataSet ? node.DataLength : 0);
        _dirty.Add(place);
        _published.Add(place);
        Index(change);
    }

    /// <summary>A znode that was just created has no children, whatever somebody is asking the store about.</summary>
    private static ChildTable WithoutChildren(TreeNode place)
    {
        if (place.Children is not { } children)
            return ChildTable.EmptyComplete;

        foreach (var child in children)
            child.Current ??= ZNode.Never;
        return children.AsComplete();
    }

    private void Index(in ZNodeChange change)
    {
        var node = change.Node;
        var isContainer = node.Kind is ZNodeKind.Container or ZNodeKind.Ttl;
        if (change.Kind == ZNodeChangeKind.Created)
        {
            _znodeCount++;
            if (node.Kind == ZNodeKind.Ephemeral)
                Ephemerals.Set(node.OwnerOrTtl, change.Path, node.Acl);
            else if (isContainer)
                _containers[change.Path] = 0;
        }
        else if (change.Kind == ZNodeChangeKind.Deleted)
        {
            _znodeCount--;
            if (node.Kind == ZNodeKind.Ephemeral)
                Ephemerals.Remove(node.OwnerOrTtl, change.Path);
            else if (isContainer)
                _containers.TryRemove(change.Path, out _);
        }
        else if (change.Kind == ZNodeChangeKind.AclSet && node.Kind == ZNodeKind.Ephemeral)
        {
            Ephemerals.Set(node.OwnerOrTtl, change.Path, node.Acl);
        }
    }

    private void FireWatches(Transaction transaction, DeliveryRound round)
    {
        if (Watches.IsEmpty)
            return;

        foreach (var change in transaction.Changes)
            Watches.Fire(change, transaction.Zxid, round);
    }

    private void Settle()
    {
        lock (Tree.WriterLock)
        {
            foreach (var place in _published)
            {
                var version = place.Current!;
                version.Previous = null;
                if (!version.Exists && !place.IsStored && place.Loading == 0)
                    Remove(place);
            }

            _published.Clear();
            _resident.Evict(Budget, _mark, steps: 8);
        }
    }

    private void Remove(TreeNode place)
    {
        // Twice in the list when one transaction both created and deleted it.
        if (place.ResidentIndex < 0)
            return;

        place.Parent!.Children!.Remove(place);
        _resident.Remove(place);
    }

    /// <summary>
    /// Makes room for what was just loaded, which stays: whoever waits for it would otherwise never see a znode that alone is beyond the
    /// budget, or any while changes that cannot be dropped take all of it.
    /// </summary>
    private void KeepBudgetBeside(TreeNode loaded)
    {
        KeepBudget(StepsForOneLoad);
        AbandonLoad(loaded);
    }

    private void KeepBudget(int steps)
    {
        const int StepsUnderOneLock = 1024;
        for (; steps > 0 && _resident.Bytes > Budget; steps -= StepsUnderOneLock)
        {
            lock (Tree.WriterLock)
                _resident.Evict(Budget, _mark, Math.Min(steps, StepsUnderOneLock));
        }
    }
}
