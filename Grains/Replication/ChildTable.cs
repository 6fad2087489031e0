namespace OrleansKeeper.Grains.Replication;

/// <summary>
/// The children of a place that are in memory: an open-addressing hash table from name to place. One writer, many readers without locks:
/// a slot changes from empty to a child to removed, and a full table is replaced by a larger one.
/// A complete table holds every child, so that a name that it lacks does not exist; whether it is complete never changes, so that
/// a reader that finds the same table before and after its look-up can trust the answer.
/// </summary>
internal sealed class ChildTable
{
    /// <summary>The table of a znode without children.</summary>
    public static readonly ChildTable EmptyComplete = new(0, isComplete: true);

    private const int SmallestCapacity = 4;

    private static readonly TreeNode Removed = new("", null);

    private readonly TreeNode?[] _slots;
    private int _usedSlots;

    private ChildTable(int capacity, bool isComplete)
    {
        _slots = capacity == 0 ? [] : new TreeNode?[capacity];
        IsComplete = isComplete;
    }

    private ChildTable(TreeNode?[] slots, int usedSlots, int count, bool isComplete)
    {
        _slots = slots;
        _usedSlots = usedSlots;
        Count = count;
        IsComplete = isComplete;
    }

    public bool IsComplete { get; }

    /// <summary>Number of places in the table, those of absent znodes included.</summary>
    public int Count { get; private set; }

    public static int HashOf(ReadOnlySpan<char> name) => string.GetHashCode(name);

    public TreeNode? Find(ReadOnlySpan<char> name, int hash)
    {
        var slots = _slots;
        if (slots.Length == 0)
            return null;

        var mask = slots.Length - 1;
        for (var i = hash & mask; ; i = (i + 1) & mask)
        {
            var node = Volatile.Read(ref slots[i]);
            if (node is null)
                return null;
            if (node.NameHash == hash && !ReferenceEquals(node, Removed) && name.SequenceEqual(node.Name))
                return node;
        }
    }

    /// <summary>The children's names as they were sent last; see <see cref="ChildListing"/>.</summary>
    public ChildListing? Listing;

    /// <summary>
    /// The places in the table. Those added or removed while they are enumerated may be among them or not: the reader checks that afterwards.
    /// </summary>
    public Enumerator GetEnumerator() => new(_slots);

    /// <summary>Adds a place and returns the table that has it: this one, or a larger one that the caller publishes.</summary>
    public ChildTable Add(TreeNode node)
    {
        // At most three quarters are used, so that every search ends at an empty slot soon.
        var table = (_usedSlots + 1) * 4 <= _slots.Length * 3 ? this : Resized();
        table.Insert(node);
        return table;
    }

    public void Remove(TreeNode node)
    {
        var mask = _slots.Length - 1;
        for (var i = node.NameHash & mask; _slots[i] is { } found; i = (i + 1) & mask)
        {
            if (!ReferenceEquals(found, node))
                continue;

            // Where the next slot is empty no search needs to pass through this one.
            if (_slots[(i + 1) & mask] is null)
            {
                Volatile.Write(ref _slots[i], null);
                _usedSlots--;
            }
            else
            {
                Volatile.Write(ref _slots[i], Removed);
            }

            Count--;
            return;
        }
    }

    /// <summary>The same places, in a table that says otherwise whether these are all.</summary>
    public ChildTable As(bool complete) =>
        complete == IsComplete ? this : new ChildTable(_slots, _usedSlots, Count, complete);

    /// <summary>A table without places that does not say that there are none.</summary>
    public static ChildTable Incomplete() => new(SmallestCapacity, isComplete: false);

    private ChildTable Resized()
    {
        var capacity = SmallestCapacity;
        while ((Count + 1) * 2 > capacity)
            capacity *= 2;
        var table = new ChildTable(capacity, IsComplete);
        foreach (var node in this)
            table.Insert(node);
        return table;
    }

    private void Insert(TreeNode node)
    {
        var mask = _slots.Length - 1;
        var i = node.NameHash & mask;
        while (_slots[i] is { } found && !ReferenceEquals(found, Removed))
            i = (i + 1) & mask;
        if (_slots[i] is null)
            _usedSlots++;
        Volatile.Write(ref _slots[i], node);
        Count++;
    }

    public struct Enumerator(TreeNode?[] slots)
    {
        private int _next;

        public TreeNode Current { get; private set; } = null!;

        public bool MoveNext()
        {
            while (_next < slots.Length)
            {
                var node = Volatile.Read(ref slots[_next++]);
                if (node is null || ReferenceEquals(node, Removed))
                    continue;

                Current = node;
                return true;
            }

            return false;
        }
    }
}
