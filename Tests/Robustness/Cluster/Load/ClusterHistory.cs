using OrleansKeeper.Tests.Robustness.Cluster.Faults;
using OrleansKeeper.Tests.Robustness.Histories;

namespace OrleansKeeper.Tests.Robustness.Cluster.Load;

/// <summary>Everything that happened in a run against a cluster, counted by the clock of its operations.</summary>
internal sealed class ClusterHistory : IKeptHistory
{
    private readonly Lock _lock = new();
    private readonly List<ConnectionRecord> _connections = [];
    private readonly List<LockGrant> _grants = [];
    private readonly List<FaultRecord> _faults = [];
    private readonly List<SiloEnd> _ends = [];
    private readonly List<SessionExpiry> _expiries = [];

    public History Operations { get; } = new();

    public ConnectionRecord[] Connections => Copy(_connections);

    public LockGrant[] Grants => Copy(_grants);

    public FaultRecord[] Faults => Copy(_faults);

    public SiloEnd[] Ends => Copy(_ends);

    public SessionExpiry[] Expiries => Copy(_expiries);

    public void Add(ConnectionRecord connection) => AddTo(_connections, connection);

    public void Add(LockGrant grant) => AddTo(_grants, grant);

    public void Add(FaultRecord fault) => AddTo(_faults, fault);

    public void Add(SiloEnd end) => AddTo(_ends, end);

    public void Add(SessionExpiry expiry) => AddTo(_expiries, expiry);

    public void Save(string file)
    {
        object[] happened = [.. Faults, .. Ends, .. Connections, .. Grants, .. Expiries, .. Operations.Snapshot()];
        File.WriteAllLines(file, happened.Select(HistoryJson.Line));
    }

    private T[] Copy<T>(List<T> list)
    {
        lock (_lock)
            return [.. list];
    }

    private void AddTo<T>(List<T> list, T item)
    {
        lock (_lock)
            list.Add(item);
    }
}
