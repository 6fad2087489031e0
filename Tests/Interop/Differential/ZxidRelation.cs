namespace OrleansKeeper.Tests.Interop.Differential;

/// <summary>
/// Pairs the zxids of two servers. They agree if each side's zxids are in the same order as the other's; the numbers themselves
/// are the servers' own. Zero and negative ones have a meaning and must be equal.
/// </summary>
public sealed class ZxidRelation
{
    private readonly SortedList<long, long> _pairs = [];

    /// <summary>False if the pair contradicts an earlier one.</summary>
    public bool TryPair(long reference, long ours)
    {
        if (reference <= 0 || ours <= 0)
            return reference == ours;
        if (_pairs.TryGetValue(reference, out var known))
            return known == ours;
        _pairs.Add(reference, ours);
        var index = _pairs.IndexOfKey(reference);
        var follows = index == 0 || _pairs.GetValueAtIndex(index - 1) < ours;
        var precedes = index == _pairs.Count - 1 || ours < _pairs.GetValueAtIndex(index + 1);
        return follows && precedes;
    }
}
