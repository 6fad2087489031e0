namespace OrleansKeeper.Tests.Robustness.Cluster.Networks;

/// <summary>
/// The way between two parties. It starts whole; what it does to connections goes for those that are open and for later ones.
/// </summary>
internal sealed class Link
{
    private readonly Lock _lock = new();
    private readonly HashSet<ProxiedConnection> _connections = [];
    private TaskCompletionSource _flowing = Flowing();

    public LinkState State { get; private set; }

    public int ConnectionCount
    {
        get
        {
            lock (_lock)
                return _connections.Count;
        }
    }

    public void Cut() => Become(LinkState.Cut);

    public void Stall() => Become(LinkState.Stalled);

    /// <summary>What was held back flows on, and connections can be made again.</summary>
    public void Heal() => Become(LinkState.Whole);

    /// <summary>Waits while the link is stalled.</summary>
    public Task WaitUntilFlowingAsync()
    {
        lock (_lock)
            return _flowing.Task;
    }

    /// <summary>Takes a connection under control; false when there can be none now.</summary>
    public bool TryAdd(ProxiedConnection connection)
    {
        lock (_lock)
            return State != LinkState.Cut && _connections.Add(connection);
    }

    public void Remove(ProxiedConnection connection)
    {
        lock (_lock)
            _connections.Remove(connection);
    }

    private static TaskCompletionSource Flowing()
    {
        var flowing = new TaskCompletionSource();
        flowing.SetResult();
        return flowing;
    }

    private void Become(LinkState state)
    {
        ProxiedConnection[] reset = [];
        TaskCompletionSource before;
        lock (_lock)
        {
            State = state;
            before = _flowing;
            _flowing = state == LinkState.Stalled ? new(TaskCreationOptions.RunContinuationsAsynchronously) : Flowing();
            if (state == LinkState.Cut)
                reset = [.. _connections];
        }

        foreach (var connection in reset)
            connection.Reset();
        before.TrySetResult();
    }
}
