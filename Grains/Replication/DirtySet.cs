using OrleansKeeper.Grains.Storage;
using OrleansKeeper.Grains.ZNodes;

namespace OrleansKeeper.Grains.Replication;

/// <summary>What changed since the last checkpoint was begun: places and sessions. All under the tree's writer lock.</summary>
internal sealed class DirtySet
{
    /// <summary>A longer list is not kept for what changes next.</summary>
    private const int MostSparePlaces = 1 << 18;

    private List<TreeNode> _places = [];
    private Dictionary<long, (SessionRow Row, long Zxid)> _sessions = [];

    /// <summary>The places that changed.</summary>
    public IReadOnlyList<TreeNode> Places => _places;

    /// <summary>Number of places that the next checkpoint has to look at.</summary>
    public int PlaceCount => _places.Count;

    public void Add(TreeNode place)
    {
        if (place.IsDirty)
            return;

        place.IsDirty = true;
        _places.Add(place);
    }

    public void Add(SessionRow session, long zxid) => _sessions[session.SessionId] = (session, zxid);

    /// <summary>Another silo's checkpoints may have written a row for anything that is in here.</summary>
    public void MarkAllStored()
    {
        foreach (var place in _places)
            place.IsStored = true;
    }

    /// <summary>
    /// Everything up to a zxid is in the store, by another silo's checkpoint; what changed behind it stays. Returns the places where nothing
    /// exists any more.
    /// </summary>
    public List<TreeNode> Clean(long mark, out long remainingBytes)
    {
        var deleted = new List<TreeNode>();
        var remaining = new List<TreeNode>();
        remainingBytes = 0;
        foreach (var place in _places)
        {
            var version = place.Current!;
            if (version.Zxid > mark)
            {
                remaining.Add(place);
                remainingBytes += ResidentSet.VersionBytes + version.DataLength;
                continue;
            }

            place.IsDirty = false;
            if (!version.Exists)
                deleted.Add(place);
        }

        _places = remaining;
        foreach (var (sessionId, session) in _sessions)
        {
            if (session.Zxid <= mark)
                _sessions.Remove(sessionId);
        }

        return deleted;
    }

    /// <summary>Takes everything that changed, as it is now.</summary>
    public CheckpointContent Take(long watermark, long znodeCount)
    {
        var places = new List<(TreeNode Place, ZNode Version, bool IsNew)>(_places.Count);
        foreach (var place in _places)
        {
            place.IsDirty = false;
            var version = place.Current!;

            // Created and deleted since the last checkpoint: the store never hears of it.
            if (!version.Exists && !place.IsStored)
                continue;

            places.Add((place, version, IsNew: !place.IsStored));
            place.IsStored = true;
        }

        var content = new CheckpointContent(watermark, znodeCount, places, [.. _sessions.Values.Select(session => session.Row)]);
        _sessions = [];
        if (_places.Capacity <= MostSparePlaces)
            _places.Clear();
        else
            _places = [];
        return content;
    }

    /// <summary>Puts back what a checkpoint that failed had taken; what changed again since stands already.</summary>
    public void PutBack(CheckpointContent content)
    {
        foreach (var (place, _, _) in content.Places)
            Add(place);
        foreach (var session in content.Sessions)
            _sessions.TryAdd(session.SessionId, (session, content.Target));
    }
}
