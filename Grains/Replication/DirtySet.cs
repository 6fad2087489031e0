using OrleansKeeper.Grains.Storage;
using OrleansKeeper.Grains.ZNodes;

namespace OrleansKeeper.Grains.Replication;

/// <summary>What changed since the last checkpoint was begun: places and sessions. All under the tree's writer lock.</summary>
internal sealed class DirtySet
{
    private List<TreeNode> _places = [];
    private Dictionary<long, SessionRow> _sessions = [];

    /// <summary>Number of places that the next checkpoint has to look at.</summary>
    public int PlaceCount => _places.Count;

    public void Add(TreeNode place)
    {
        if (place.IsDirty)
            return;

        place.IsDirty = true;
        _places.Add(place);
    }

    public void Add(SessionRow session) => _sessions[session.SessionId] = session;

    /// <summary>Takes everything that changed, as it is now.</summary>
    public CheckpointContent Take(long watermark, long znodeCount)
    {
        var places = new List<(TreeNode Place, ZNode Version)>(_places.Count);
        foreach (var place in _places)
        {
            place.IsDirty = false;
            var version = place.Current!;

            // Created and deleted since the last checkpoint: the store never hears of it.
            if (!version.Exists && !place.IsStored)
                continue;

            place.IsStored = true;
            places.Add((place, version));
        }

        var content = new CheckpointContent(watermark, znodeCount, places, [.. _sessions.Values]);
        _places = [];
        _sessions = [];
        return content;
    }

    /// <summary>Puts back what a checkpoint that failed had taken; what changed again since stands already.</summary>
    public void PutBack(CheckpointContent content)
    {
        foreach (var (place, _) in content.Places)
            Add(place);
        foreach (var session in content.Sessions)
            _sessions.TryAdd(session.SessionId, session);
    }
}
