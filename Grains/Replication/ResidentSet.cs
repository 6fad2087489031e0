
namespace OrleansKeeper.Grains.Replication;

/// <summary>
/// What of the tree is in memory, and the byte budget for it. Beyond the budget, clean znodes that nobody used since the last round are
/// dropped (second chance, one hand going round): first versions, and when those are gone places below which nothing hangs, so that
/// their parents' child lists are no longer complete. What changed after the checkpoint mark stays (rule R7). All under the tree's writer lock.
/// </summary>
internal sealed class ResidentSet(int fewestNamesToFilter)
{
    /// <summary>What a version takes without its data.</summary>
    public const int VersionBytes = 128;

    /// <summary>So many children a znode has at least of which a filter of names stays when they do not.</summary>
    public const int FewestNamesToFilter = 1024;

    /// <summary>A place and its share of the parent's table.</summary>
    private const int PlaceBytes = 104;

    /// <summary>The header of an array or string.</summary>
    private const int ArrayHeaderBytes = 24;

    private readonly List<TreeNode> _places = [];
    private int _hand;
    private bool _hasDroppedVersion = true;
    private bool _mayDropPlaces;

    /// <summary>Estimate of the bytes that the resident tree takes.</summary>
    public long Bytes { get; private set; }

    public int PlaceCount => _places.Count;

    public void Add(TreeNode place)
    {
        place.ResidentIndex = _places.Count;
        _places.Add(place);
        Charge(place);
    }

    /// <summary>Accounts for what a place holds now.</summary>
    public void Charge(TreeNode place)
    {
        var bytes = PlaceBytes + ArrayHeaderBytes + (2 * place.Name.Length);
        if (place.Current is { } version)
            bytes += VersionBytes + (version is { IsDataResident: true, DataLength: > 0 } ? ArrayHeaderBytes + version.DataLength : 0);
        if (place.Children?.Listing is { } listing)
            bytes += ArrayHeaderBytes + listing.Names.Length;
        bytes += (int)(place.Children?.FilterBytes ?? 0);
        Bytes += bytes - place.ChargedBytes;
        place.ChargedBytes = bytes;
    }

    /// <summary>Takes out a place that is no longer in the tree.</summary>
    public void Remove(TreeNode place)
    {
        Bytes -= place.ChargedBytes;
        place.ChargedBytes = 0;
        var last = _places[^1];
        _places[place.ResidentIndex] = last;
        last.ResidentIndex = place.ResidentIndex;
        _places.RemoveAt(_places.Count - 1);
        place.ResidentIndex = -1;
    }

    /// <summary>Drops what may be dropped until the budget is kept, looking at no more than <paramref name="steps"/> places.</summary>
    /// <param name="budget">Bytes that the tree may take.</param>
    /// <param name="mark">The checkpoint mark: what changed after it stays.</param>
    /// <param name="steps">How many places to look at, at most.</param>
    public void Evict(long budget, long mark, int steps)
    {
        while (Bytes > budget && steps-- > 0 && _places.Count > 0)
        {
            if (_hand >= _places.Count)
                BeginRound();

            var place = _places[_hand];
            if (MayStay(place, mark))
                _hand++;
        }
    }

    /// <summary>
    /// Places go only when a whole round found no version to drop: without the names, the store has to be asked whether one exists.
    /// </summary>
    private void BeginRound()
    {
        _hand = 0;
        _mayDropPlaces = !_hasDroppedVersion;
        _hasDroppedVersion = false;
    }

    /// <summary>Drops of a place what may be dropped; false when the place itself went.</summary>
    private bool MayStay(TreeNode place, long mark)
    {
        if (place.IsUsed)
        {
            place.IsUsed = false;
            return true;
        }

        var version = place.Current;
        if (version?.Zxid > mark || place.IsDirty || place.Loading > 0)
            return true;

        if (version is { Exists: true })
        {
            if (place.Children is { Listing: not null } children)
                children.Listing = null;
            place.Current = null;
            _hasDroppedVersion = true;
            Charge(place);
            return true;
        }

        if (version is null && !_mayDropPlaces)
            return true;
        if (place.Children is { Count: > 0 } || place.Parent is not { Loading: 0 } parent)
            return true;

        // Without an existing child the parent's list does not know all of its children any more.
        if (version is null && parent.Children!.IsComplete)
        {
            parent.Children = parent.Children.AsIncomplete(fewestNamesToFilter);
            Charge(parent);
        }

        parent.Children!.Remove(place);
        Remove(place);
        return false;
    }
}
