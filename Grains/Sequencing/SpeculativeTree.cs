using System.Runtime.InteropServices;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Security;
using OrleansKeeper.Grains.Transactions;
using OrleansKeeper.Grains.ZNodes;

namespace OrleansKeeper.Grains.Sequencing;

/// <summary>
/// The tree and the sessions as all ordered transactions leave them, applied or not (rule R1): the replica, overlaid with the changes
/// that are not applied yet. What ZooKeeper calls outstanding changes. Used by the orderer alone, under its lock.
/// </summary>
internal sealed class SpeculativeTree(Replica replica)
{
    private readonly Dictionary<string, ZNode> _znodes = [];
    private readonly Dictionary<long, (bool IsOpen, string? Owner, long Zxid)> _sessions = [];
    private readonly Queue<(string Path, long Zxid)> _znodesToSettle = new();
    private readonly Queue<(long SessionId, long Zxid)> _sessionsToSettle = new();
    private readonly List<(ZNodeChange Change, ZNode? Before)> _drafted = [];

    /// <summary>Number of changes that are ordered but not applied.</summary>
    public int Outstanding => _znodesToSettle.Count;

    /// <summary>Finds a znode; <see cref="Residency.NotResident"/> when it has to be loaded first.</summary>
    public Residency Find(string path, out ZNode? node)
    {
        if (_znodes.TryGetValue(path, out node))
            return node.Exists ? Residency.Present : Residency.Absent;

        var found = replica.Find(path);
        node = found.Node;
        return found.Residency;
    }

    public bool IsOpen(long sessionId) =>
        _sessions.TryGetValue(sessionId, out var session) ? session.IsOpen : replica.FindSession(sessionId) is not null;

    /// <summary>The silo that carries a session, by its name as a submitter; null when that is not known.</summary>
    public string? OwnerOf(long sessionId) =>
        _sessions.TryGetValue(sessionId, out var session) ? session.Owner : replica.FindSession(sessionId)?.Owner;

    /// <summary>The ephemeral znodes that a session owns, with their access control lists; resident or not.</summary>
    public List<(string Path, AccessControlList Acl)> EphemeralsOf(long sessionId)
    {
        var ephemerals = new List<(string, AccessControlList)>();
        foreach (var (path, acl) in replica.Ephemerals.ZNodesOf(sessionId))
        {
            if (!_znodes.ContainsKey(path))
                ephemerals.Add((path, acl));
        }

        foreach (var (path, node) in _znodes)
        {
            if (node is { Exists: true, Kind: ZNodeKind.Ephemeral } && node.OwnerOrTtl == sessionId)
                ephemerals.Add((path, node.Acl));
        }

        return ephemerals;
    }

    /// <summary>Those of these znodes that have to be loaded before they can be found, each once.</summary>
    public string[] MissingOf(IEnumerable<string> paths) => [.. paths.Distinct().Where(path => Find(path, out _) == Residency.NotResident)];

    /// <summary>Makes a change that the transaction being validated makes; <see cref="RollBack"/> takes it back.</summary>
    public void Draft(in ZNodeChange change)
    {
        ref var node = ref CollectionsMarshal.GetValueRefOrAddDefault(_znodes, change.Path, out _);
        _drafted.Add((change, node));
        node = change.Node;
    }

    /// <summary>Takes back the changes since the last <see cref="Commit"/>: the transaction failed, or has to wait.</summary>
    public void RollBack()
    {
        for (var i = _drafted.Count - 1; i >= 0; i--)
        {
            var (change, before) = _drafted[i];
            if (before is null)
                _znodes.Remove(change.Path);
            else
                _znodes[change.Path] = before;
        }

        _drafted.Clear();
    }

    /// <summary>The transaction is ordered: its changes, which are returned, stay until they are applied.</summary>
    public ZNodeChange[] Commit(long zxid)
    {
        if (_drafted.Count == 0)
            return [];

        var changes = new ZNodeChange[_drafted.Count];
        for (var i = 0; i < changes.Length; i++)
        {
            changes[i] = _drafted[i].Change;
            _znodesToSettle.Enqueue((changes[i].Path, zxid));
        }

        _drafted.Clear();
        return changes;
    }

    public void SetSession(long sessionId, bool isOpen, string? owner, long zxid)
    {
        _sessions[sessionId] = (isOpen, owner, zxid);
        _sessionsToSettle.Enqueue((sessionId, zxid));
    }

    /// <summary>Forgets what the replica has applied by now.</summary>
    public void Settle()
    {
        var watermark = replica.Watermark;
        while (_znodesToSettle.TryPeek(out var change) && change.Zxid <= watermark)
        {
            _znodesToSettle.Dequeue();
            if (_znodes.TryGetValue(change.Path, out var node) && node.Zxid <= watermark)
                _znodes.Remove(change.Path);
        }

        while (_sessionsToSettle.TryPeek(out var change) && change.Zxid <= watermark)
        {
            _sessionsToSettle.Dequeue();
            if (_sessions.TryGetValue(change.SessionId, out var session) && session.Zxid <= watermark)
                _sessions.Remove(change.SessionId);
        }
    }

    /// <summary>Forgets everything that is not applied: it could not be appended.</summary>
    public void Reset()
    {
        _znodes.Clear();
        _sessions.Clear();
        _znodesToSettle.Clear();
        _sessionsToSettle.Clear();
        _drafted.Clear();
    }
}
