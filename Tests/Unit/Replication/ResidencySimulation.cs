using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Security;
using OrleansKeeper.Grains.Storage;
using OrleansKeeper.Grains.Transactions;
using OrleansKeeper.Grains.Watches;
using OrleansKeeper.Grains.ZNodes;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Tests.Unit.Replication;

/// <summary>
/// Drives a replica as the feed, the znode grains and the checkpointer do, but one small step at a time in an order that the seed
/// decides: a load begins, reads the store, and completes at three different moments; a checkpoint writes its rows one by one, and may
/// fail between any two; the process may die at any moment. Whatever the replica claims to know has to be what the model says.
/// </summary>
internal sealed class ResidencySimulation
{
    private static readonly AccessControlList[] Lists = [AccessControlList.OpenUnsafe, AccessControlList.ReadUnsafe];

    private readonly Random _random;
    private readonly string[] _universe;
    private readonly long _cacheBytes;
    private readonly ModelTree _model = new();
    private readonly InMemoryZNodeStore _store = new();
    private readonly List<Transaction> _log = [];
    private readonly List<Load> _loads = [];
    private readonly DeliveryRound _round = new();
    private Replica _replica = new();
    private CheckpointContent? _checkpoint;
    private Queue<ZNodeRow> _rowsToWrite = new();

    public ResidencySimulation(int seed, int names, long cacheBytes)
    {
        _random = new Random(seed);
        _universe = [.. Enumerable.Range(0, names).SelectMany(a => new[]
        {
            $"/{a}", $"/{a}/x", $"/{a}/y", $"/{a}/x/p", $"/{a}/x/q", $"/{a}/y/p", $"/{a}/x/p/deep",
        })];
        _cacheBytes = cacheBytes;
        Begin();
    }

    /// <summary>How often the replica did not know the answer: a simulation without that proves nothing.</summary>
    public int Misses { get; private set; }

    public int Checkpoints { get; private set; }

    public int Restarts { get; private set; }

    public void Step()
    {
        switch (_random.Next(100))
        {
            case < 30:
                Change();
                break;
            case < 55:
                Look(AnyPath());
                break;
            case < 62:
                BeginLoad(AnyPath(), Loaded.ZNode);
                break;
            case < 67:
                BeginLoad(AnyPath(), Loaded.Children);
                break;
            case < 69:
                BeginLoad(AnyPath(), Loaded.Filter);
                break;
            case < 83:
                AdvanceLoad();
                break;
            case < 87:
                CountBelow(AnyPath());
                break;
            case 99 when _random.Next(4) == 0:
                Restart();
                break;
            default:
                AdvanceCheckpoint();
                break;
        }
    }

    /// <summary>Loads whatever is missing, and compares all of the tree.</summary>
    public void CompareAll()
    {
        foreach (var path in _universe.Append("/"))
        {
            LoadUntilKnown(path);
            LoadChildrenUntilKnown(path);
        }

        Assert.Equal(_model.Count, _replica.ZNodeCount);
        Assert.Equal(_model.PathsOf(ZNodeKind.Ephemeral), _replica.Ephemerals.PathsOf(7).Order(StringComparer.Ordinal));
        Assert.Equal(
            _model.PathsOf(ZNodeKind.Container).Union(_model.PathsOf(ZNodeKind.Ttl)).Order(StringComparer.Ordinal),
            _replica.Containers.Order(StringComparer.Ordinal));
    }

    private string AnyPath() => _universe[_random.Next(_universe.Length)];

    private void Begin()
    {
        _replica = new Replica(fewestNamesToFilter: 1);
        _replica.Begin(_store.Marks, [], _store.Ephemerals, _store.Containers, _cacheBytes);
    }

    private void Change()
    {
        for (var operations = _random.Next(1, 5); operations > 0; operations--)
            ChangeOne(AnyPath());
        var transaction = _model.Commit(withoutUnchangedData: _random.Next(2) == 0);
        _log.Add(transaction);
        _replica.Apply(transaction, _round);
        Assert.Equal(_model.LastZxid, _replica.Watermark);
    }

    private void ChangeOne(string path)
    {
        if (_model.Find(path) is not { } node)
        {
            if (_model.Find(ZNodePath.Parent(path)) is { Kind: not ZNodeKind.Ephemeral })
                Create(path);
        }
        else if (node.NumChildren == 0 && _random.Next(3) == 0)
        {
            _model.Delete(path);
        }
        else if (_random.Next(4) == 0)
        {
            _model.SetAcl(path, Lists[_random.Next(Lists.Length)]);
        }
        else
        {
            _model.SetData(path, Data());
        }
    }

    private void Create(string path)
    {
        var kind = (ZNodeKind)_random.Next(4);
        var ownerOrTtl = kind switch
        {
            ZNodeKind.Ephemeral => 7,
            ZNodeKind.Ttl => 1000,
            _ => 0,
        };
        _model.Create(path, Data(), kind, ownerOrTtl);
    }

    private byte[]? Data()
    {
        if (_random.Next(10) == 0)
            return null;

        var data = new byte[_random.Next(40)];
        _random.NextBytes(data);
        return data;
    }

    private void Look(string path)
    {
        var found = _replica.Find(path);
        Compare(path, found);
        if (ChildNames.Read(_replica.Tree, path, out _) is { } names)
            Assert.Equal(_model.ChildrenOf(path), names.Order(StringComparer.Ordinal));
        if (DescendantCount.TryRead(_replica.Tree, path, int.MaxValue, out var count))
            Assert.Equal(_model.CountBelow(path), count);
    }

    private void Compare(string path, Found found)
    {
        var expected = _model.Find(path);
        switch (found.Residency)
        {
            case Residency.Present:
                Assert.True(expected is not null, $"{path} is shown but does not exist.");
                Assert.Equal(expected.Stat, found.Node!.Stat);
                Assert.Equal((expected.Kind, expected.OwnerOrTtl, expected.CreatedChildren), (found.Node.Kind, found.Node.OwnerOrTtl, found.Node.CreatedChildren));
                Assert.Equal(expected.Acl, found.Node.Acl);
                if (found.Node.IsDataResident)
                    Assert.Equal(expected.Data, found.Node.Data);
                break;
            case Residency.Absent:
                Assert.True(expected is null, $"{path} exists but is said to be absent.");
                break;
            default:
                Misses++;
                break;
        }
    }

    private void BeginLoad(string path, Loaded loaded)
    {
        if (_replica.BeginLoad(path) is { } place)
            _loads.Add(new Load(path, place, loaded));
        else
            Assert.Null(_model.Find(path));
    }

    private void AdvanceLoad()
    {
        if (_loads.Count == 0)
            return;

        var index = _random.Next(_loads.Count);
        var load = _loads[index];
        if (!load.IsRead && _random.Next(10) > 0)
        {
            Read(load);
            return;
        }

        _loads.RemoveAt(index);
        Complete(load);
    }

    private void Read(Load load)
    {
        load.IsRead = true;
        if (load.Loaded == Loaded.ZNode)
            load.Row = _store.Read(load.Path);
        else
            load.Names = _store.ReadChildNames(load.Path);
    }

    private void Complete(Load load)
    {
        if (!load.IsRead)
            _replica.AbandonLoad(load.Place);
        else if (load.Loaded == Loaded.Children)
            _replica.CompleteLoadOfChildren(load.Place, load.Names);
        else if (load.Loaded == Loaded.Filter)
            _replica.CompleteLoadOfFilter(load.Place, FilterOf(load.Names));
        else
            _replica.CompleteLoad(load.Place, load.Row?.WithResidentData(load.Row.Data));
        Look(load.Path);
    }

    private static ChildNameFilter FilterOf(List<string> names)
    {
        var filter = new ChildNameFilter(names.Count);
        foreach (var name in names)
            filter.Add(ChildTable.HashOf(name));
        return filter;
    }

    /// <summary>A count notes what changed, reads the store, and is complete; what is loaded or written in between changes nothing about it.</summary>
    private void CountBelow(string path)
    {
        var tally = new DescendantTally(_replica, path);
        LoadAndWrite();
        var rows = _store.ReadBelow(path);
        LoadAndWrite();
        rows.ForEach(tally.AddStored);
        Assert.Equal(_model.CountBelow(path), tally.Complete());
    }

    private void LoadAndWrite()
    {
        for (var steps = _random.Next(8); steps > 0; steps--)
        {
            if (_random.Next(3) == 0)
                AdvanceLoad();
            else
                AdvanceCheckpoint();
        }
    }

    private void AdvanceCheckpoint()
    {
        if (_checkpoint is null)
        {
            _checkpoint = _replica.TakeCheckpoint();
            _store.Begin(_checkpoint.Target);
            var rows = _checkpoint.Places
                .Select(entry => new ZNodeRow(entry.Place.Path, entry.Version.Exists ? entry.Version : null, entry.IsNew))
                .ToArray();
            Assert.Equal(rows.Length, rows.Select(row => row.Path).Distinct().Count());
            _random.Shuffle(rows);
            _rowsToWrite = new Queue<ZNodeRow>(rows);
        }
        else if (_random.Next(40) == 0)
        {
            _replica.CheckpointFailed(_checkpoint);
            _checkpoint = null;
        }
        else if (_rowsToWrite.Count > 0)
        {
            for (var count = _random.Next(1, 6); count > 0 && _rowsToWrite.TryDequeue(out var row); count--)
                _store.Write(row);
        }
        else
        {
            _store.Complete(_checkpoint.Target, _checkpoint.ZNodeCount);
            _replica.CheckpointCompleted(_checkpoint);
            _checkpoint = null;
            Checkpoints++;
        }
    }

    /// <summary>The process dies, perhaps in the middle of a checkpoint, and another one replays the log from the mark.</summary>
    private void Restart()
    {
        _loads.Clear();
        _checkpoint = null;
        Begin();
        var writer = new TransactionWriter();
        foreach (var transaction in _log.Where(transaction => transaction.Zxid > _store.Marks.Mark))
            writer.Write(transaction);
        var reader = new TransactionReader(writer.Payload.Span);
        while (reader.Read() is { } transaction)
            _replica.Apply(transaction, _round);
        Restarts++;
    }

    private void LoadUntilKnown(string path)
    {
        const int MostAttempts = 20;
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var found = _replica.Find(path);
            Compare(path, found);
            if (found.Residency == Residency.Absent || found is { Residency: Residency.Present, Node.IsDataResident: true })
                return;

            LoadNow(path, Loaded.ZNode);
        }

        Assert.Fail($"{path} was loaded {MostAttempts} times and is still not in memory.");
    }

    private void LoadChildrenUntilKnown(string path)
    {
        const int MostAttempts = 20;
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            if (ChildNames.Read(_replica.Tree, path, out var found) is { } names)
            {
                Assert.Equal(_model.ChildrenOf(path), names.Order(StringComparer.Ordinal));
                return;
            }

            if (found.Residency == Residency.Absent)
                return;

            LoadNow(path, found.Residency == Residency.Present ? Loaded.Children : Loaded.ZNode);
        }

        Assert.Fail($"The children of {path} were loaded {MostAttempts} times and are still not in memory.");
    }

    private void LoadNow(string path, Loaded loaded)
    {
        if (_replica.BeginLoad(path) is not { } place)
            return;

        var load = new Load(path, place, loaded);
        Read(load);
        Complete(load);
    }

    private enum Loaded
    {
        ZNode,
        Children,
        Filter,
    }

    private sealed record Load(string Path, TreeNode Place, Loaded Loaded)
    {
        public bool IsRead { get; set; }

        public ZNode? Row { get; set; }

        public List<string> Names { get; set; } = [];
    }
}
