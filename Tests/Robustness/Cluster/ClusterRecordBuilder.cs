using OrleansKeeper.Protocol;
using OrleansKeeper.Tests.Robustness.Cluster.Checks;
using OrleansKeeper.Tests.Robustness.Cluster.Faults;
using OrleansKeeper.Tests.Robustness.Cluster.Load;
using OrleansKeeper.Tests.Robustness.Histories;
using OrleansKeeper.Tests.Robustness.Load;

namespace OrleansKeeper.Tests.Robustness.Cluster;

/// <summary>
/// The record of a run of a few clients against a cluster that makes no mistake, one request after the other, to plant mistakes in and
/// see whether the checks find them. Each client has one session, and at first one connection.
/// </summary>
internal sealed class ClusterRecordBuilder
{
    public const string Register = LoadPaths.Registers + "/r0";

    private readonly List<Operation> _operations = [];
    private readonly Dictionary<int, ConnectionRecord> _connections = [];
    private readonly List<ConnectionRecord> _ended = [];
    private readonly Dictionary<int, List<EventRecord>> _events = [];
    private readonly Dictionary<string, long> _members = [];
    private long _clock;
    private long _zxid = 0x100000000;
    private (string Value, int Version, long Mzxid) _register = ("", 0, 0);

    public List<LockGrant> Grants { get; } = [];

    public List<SessionExpiry> Expiries { get; } = [];

    public List<FaultRecord> Faults { get; } = [];

    public List<SiloEnd> Ends { get; } = [];

    /// <summary>What other silos have in the end.</summary>
    public List<Dictionary<string, TreeNode>> OtherTrees { get; } = [];

    public long Tick() => ++_clock;

    public long NextZxid() => ++_zxid;

    public Operation Set(int client, string value, int expectedVersion = -1)
    {
        var operation = Begin(client, OperationKind.SetData, Register, value, expectedVersion);
        NextZxid();
        if (expectedVersion >= 0 && expectedVersion != _register.Version)
        {
            Answer(operation, Outcome.Refused);
            operation.Error = ErrorCode.BadVersion;
            return operation;
        }

        _register = (value, _register.Version + 1, _zxid);
        Answer(operation, Outcome.Acknowledged);
        operation.ResultVersion = _register.Version;
        return operation;
    }

    /// <summary>A write whose answer is lost, whether it takes effect or not.</summary>
    public Operation LoseSet(int client, string value, bool takesEffect)
    {
        var operation = Begin(client, OperationKind.SetData, Register, value);
        if (takesEffect)
            _register = (value, _register.Version + 1, NextZxid());
        return operation;
    }

    public Operation Read(int client, OperationKind kind = OperationKind.SyncAndGetData)
    {
        var operation = Begin(client, kind, Register);
        Answer(operation, Outcome.Acknowledged);
        (operation.ResultData, operation.ResultVersion, operation.ShownZxid) = _register;
        return operation;
    }

    public Operation CreateMember(int client, string name)
    {
        var operation = Begin(client, OperationKind.Create, $"{LoadPaths.Members}/{name}");
        _members[name] = NextZxid();
        Answer(operation, Outcome.Acknowledged);
        return operation;
    }

    public Operation List(int client)
    {
        var operation = Begin(client, OperationKind.GetChildren, LoadPaths.Members);
        Answer(operation, Outcome.Acknowledged);
        operation.Names = [.. _members.Keys];
        operation.ShownZxid = _members.Values.DefaultIfEmpty().Max();
        return operation;
    }

    public Operation WatchMembers(int client)
    {
        var operation = Begin(client, OperationKind.AddWatch, LoadPaths.Members);
        Answer(operation, Outcome.Acknowledged);
        return operation;
    }

    public Operation SetWatches(int client, params string[] paths)
    {
        var operation = Begin(client, OperationKind.SetWatches, "", string.Join(' ', paths));
        Answer(operation, Outcome.Acknowledged);
        return operation;
    }

    /// <summary>An event on a client's connection, behind the answers so far.</summary>
    public void Tell(int client, WatcherEventType type, string path, long zxid) => _events[client].Add(new EventRecord(zxid, type, path));

    /// <summary>The client's connection ends, and it attaches to another silo.</summary>
    public ConnectionRecord Move(int client)
    {
        var before = Connection(client);
        before.Ended = Tick();
        before.Events = [.. _events[client]];
        _ended.Add(before);
        _connections[client] = Connect(client, before.Connection + 1, before.Server + 1);
        return before;
    }

    public string[] Violations()
    {
        foreach (var (client, connection) in _connections)
            connection.Events = [.. _events[client]];
        var tree = new Dictionary<string, TreeNode>
        {
            [Register] = new(_register.Value, new Stat(0, _register.Mzxid, 0, 0, _register.Version, 0, 0, 0, 0, 0, 0)),
        };
        return
        [
            .. ClusterChecks.Violations(new ClusterRecord(
                [.. _operations],
                [.. _ended, .. _connections.Values],
                [.. Grants],
                [.. Expiries],
                [.. Faults],
                [.. Ends],
                [tree, .. OtherTrees])).Select(violation => $"{violation}"),
        ];
    }

    private Operation Begin(int client, OperationKind kind, string path, string data = "", int expectedVersion = -1)
    {
        var operation = new Operation
        {
            Client = client,
            SessionId = SessionOf(client),
            Connection = Connection(client).Connection,
            Kind = kind,
            Path = path,
            Data = data,
            ExpectedVersion = expectedVersion,
            Invoked = Tick(),
        };
        _operations.Add(operation);
        return operation;
    }

    private void Answer(Operation operation, Outcome outcome)
    {
        operation.Outcome = outcome;
        operation.Returned = Tick();
        operation.Zxid = _zxid;
        operation.EventsBefore = _events[operation.Client].Count;
    }

    private ConnectionRecord Connection(int client)
    {
        if (!_connections.TryGetValue(client, out var connection))
            _connections[client] = connection = Connect(client, 0, client);
        return connection;
    }

    private ConnectionRecord Connect(int client, int number, int server)
    {
        _events[client] = [];
        return new ConnectionRecord
        {
            Client = client,
            Connection = number,
            SessionId = SessionOf(client),
            Server = server,
            Opened = Tick(),
        };
    }

    private static long SessionOf(int client) => 0x100 + client;
}
