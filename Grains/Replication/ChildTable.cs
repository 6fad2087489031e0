namespace OrleansKeeper.Grains.Replication;

/// <summary>
/// The children of a place that are in memory: an open-addressing hash table from name to place. One writer, many readers without locks:
/// a slot changes from empty to a child to removed, and a full table is replaced by a larger one.
/// A complete table holds every child, so that a name that it lacks does not exist; whether it is complete never changes, so that
/// a reader that finds the same table before and after its look-up can trust the answer. One that was complete and large and has lost some keeps
/// a filter of all names, which tells the same of most. Names' hashes stand beside the children, so that
/// a search touches no child but the one that it finds: in a large tree each would be a cache miss.
/// </summary>
internal sealed class ChildTable
{
    /// <summary>The table of a znode without children.</summary>
    public static readonly ChildTable EmptyComplete = new(0, isComplete: true);

    private const int SmallestCapacity = 4;

    private static readonly TreeNode Removed = new("", null);

    private readonly Slot[] _slots;
    private readonly ChildNameFilter? _filter;
    private int _usedSlots;

    private ChildTable(int capacity, bool isComplete, ChildNameFilter? filter = null)
        : this(capacity == 0 ? [] : new Slot[capacity], usedSlots: 0, count: 0, isComplete, filter)
    {
    }

    private ChildTable(Slot[] slots, int usedSlots, int count, bool isComplete, ChildNameFilter? filter)
    {
        _slots = slots;
        _filter = filter;
        _usedSlots = usedSlots;
        Count = count;
        IsComplete = isComplete;
    }

    public bool IsComplete { get; }

    /// <summary>Number of places in the table, those of absent znodes included.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes that its filter takes; 0 when there is none, or it has given up.</summary>
    public long FilterBytes => _filter?.Bytes ?? 0;

    /// <summary>Whether it is certain that no child has a name, of which it holds no place.</summary>
    /// <param name="hash">The name's hash.</param>
    public bool Excludes(int hash) => IsComplete || _filter is { } filter && !filter.MayContain(hash);

    public static int HashOf(ReadOnlySpan<char> name) => string.GetHashCode(name);

    public TreeNode? Find(ReadOnlySpan<char> name, int hash)
    {
        var slots = _slots;
        if (slots.Length == 0)
            return null;

        var mask = slots.Length - 1;
        for (var i = hash & mask; ; i = (i + 1) & mask)
        {
            var node = Volatile.Read(ref slots[i].Node);
            if (node is null)
                return null;

            // Where the slot is just being given to another child, the hash may be that one's: then the child seen here is gone already.
            if (slots[i].Hash == hash && !ReferenceEquals(node, Removed) && name.SequenceEqual(node.Name))
                return node;
        }
    }

    /// <summary>The children's names as they were sent last; see <see cref="ChildListing"/>.</summary>
    public ChildListing? Listing;

    /// <summary>
    /// The places in the table. Those added or removed while they are enumerated may be among them or not: the reader checks that afterwards.
    /// </summary>
    public Enumerator GetEnumerator() => new(_slots);

    /// <summary>Adds a place, under its name's hash, and returns the table that has it: this one, or a larger one that the caller publishes.</summary>
    public ChildTable Add(TreeNode node, int hash)
    {
        // At most three quarters are used, so that every search ends at an empty slot soon.
        var table = (_usedSlots + 1) * 4 <= _slots.Length * 3 ? this : Resized();
        _filter?.Add(hash);
        table.Insert(node, hash);
        return table;
    }

    public void Remove(TreeNode node)
    {
        var mask = _slots.Length - 1;
        for (var i = HashOf(node.Name) & mask; _slots[i].Node is { } found; i = (i + 1) & mask)
        {
            if (!ReferenceEquals(found, node))
                continue;

            // Where the next slot is empty no search needs to pass through this one.
            if (_slots[(i + 1) & mask].Node is null)
            {
                Volatile.Write(ref _slots[i].Node, null);
                _usedSlots--;
            }
            else
            {
                Volatile.Write(ref _slots[i].Node, Removed);
            }

            Count--;
            return;
        }
    }

    /// <summary>The same places, which are all children.</summary>
    public ChildTable AsComplete() => IsComplete ? this : new ChildTable(_slots, _usedSlots, Count, isComplete: true, filter: null);

    /// <summary>The same places, some of which are about to go; with a filter of their names, if they were all and are many.</summary>
    public ChildTable AsIncomplete(int fewestToFilter)
    {
        if (!IsComplete)
            return this;
        if (Count >= fewestToFilter)
            return With(new ChildNameFilter(2 * Count));

        return new ChildTable(_slots, _usedSlots, Count, isComplete: false, filter: null);
    }

    /// <summary>The same places, with a filter of the other children's names, unless they are all children or there is one.</summary>
    public ChildTable Filtered(ChildNameFilter others) => IsComplete || _filter is { Bytes: > 0 } ? this : With(others);

    /// <summary>A table without places that does not say that there are none.</summary>
    public static ChildTable Incomplete() => new(SmallestCapacity, isComplete: false);

    private ChildTable With(ChildNameFilter filter)
    {
        foreach (ref readonly var slot in _slots.AsSpan())
        {
            if (slot.Node is { } node && !ReferenceEquals(node, Removed))
                filter.Add(slot.Hash);
        }

        return new ChildTable(_slots, _usedSlots, Count, isComplete: false, filter);
    }

    private ChildTable Resized()
    {
        var capacity = SmallestCapacity;
        while ((Count + 1) * 2 > capacity)
            capacity *= 2;
        var table = new ChildTable(capacity, IsComplete, _filter);
        foreach (ref readonly var slot in _slots.AsSpan())
        {
            if (slot.Node is { } node && !ReferenceEquals(node, Removed))
                table.Insert(node, slot.Hash);
        }

        return table;
    }

    private void Insert(TreeNode node, int hash)
    {
        var mask = _slots.Length - 1;
        var i = hash & mask;
        while (_slots[i].Node is { } found && !ReferenceEquals(found, Removed))
            i = (i + 1) & mask;

        ref var slot = ref _slots[i];
        if (slot.Node is null)
            _usedSlots++;
        slot.Hash = hash;
        Volatile.Write(ref slot.Node, node);
        Count++;
    }

    /// <summary>A place for one child, with the hash of its name.</summary>
    public struct Slot
    {
        public TreeNode? Node;
        public int Hash;
    }

    public struct Enumerator(Slot[] slots)
    {
        private int _next;

        public TreeNode Current { get; private set; } = null!;

        public bool MoveNext()
        {
            while (_next < slots.Length)
            {
                var node = Volatile.Read(ref slots[_next++].Node);
                if (node is null || ReferenceEquals(node, Removed))
                    continue;

                Current = node;
                return true;
            }

            return false;
        }
    }
}
