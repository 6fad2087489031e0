namespace OrleansKeeper.Grains.Clustering;

/// <summary>
/// The newest batches of the log, as far as a bound on their bytes allows, for silos that have not got them yet. Whoever is further
/// behind reads the log. Used under the publisher's lock.
/// </summary>
internal sealed class FeedBacklog(long mostBytes)
{
    private readonly List<FeedBatch> _batches = [];
    private int _first;
    private long _bytes;

    /// <summary>Begins anew behind a zxid.</summary>
    public void Begin(long lastZxid)
    {
        _batches.Clear();
        (_first, _bytes) = (0, 0);
        LastZxid = lastZxid;
    }

    /// <summary>Zxid of the last transaction.</summary>
    public long LastZxid { get; private set; }

    public void Add(FeedBatch batch)
    {
        _batches.Add(batch);
        _bytes += batch.Payload.Length;
        LastZxid = batch.LastZxid;
        while (_bytes > mostBytes && _first < _batches.Count - 1)
            DropFirst();
    }

    /// <summary>
    /// Adds the batches behind a zxid to a list, one at least and no more than fit into so many bytes; false when the backlog does not reach
    /// back so far.
    /// </summary>
    public bool TryCopyAfter(long zxid, int bytes, List<FeedBatch> batches)
    {
        // A silo that reads the log may be ahead of what was published.
        if (zxid >= LastZxid)
            return true;

        var index = FindFollowing(zxid);
        if (index < 0)
            return false;

        for (; index < _batches.Count && (batches.Count == 0 || bytes > 0); index++)
        {
            batches.Add(_batches[index]);
            bytes -= _batches[index].Payload.Length;
        }

        return true;
    }

    /// <summary>Whether there are batches behind a zxid to be sent.</summary>
    public bool CanFollow(long zxid) => zxid < LastZxid && FindFollowing(zxid) >= 0;

    private int FindFollowing(long zxid)
    {
        var (low, high) = (_first, _batches.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var previous = _batches[middle].PreviousZxid;
            if (previous == zxid)
                return middle;

            if (previous < zxid)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return -1;
    }

    private void DropFirst()
    {
        _bytes -= _batches[_first].Payload.Length;
        _batches[_first++] = null!;
        if (_first > _batches.Count / 2)
        {
            _batches.RemoveRange(0, _first);
            _first = 0;
        }
    }
}
