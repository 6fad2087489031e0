using System.Diagnostics;
using System.Net;
using OrleansKeeper.Protocol.Messages;
using OrleansKeeper.Tests.Robustness.Clients;
using OrleansKeeper.Tests.Robustness.Cluster.Checks;
using OrleansKeeper.Tests.Robustness.Histories;
using OrleansKeeper.Tests.Robustness.Load;

namespace OrleansKeeper.Tests.Robustness.Cluster.Load;

/// <summary>
/// A client that knows all silos, keeps a few requests in flight and writes down each. It watches the members, and attaches with its
/// session and watches to the next silo when it loses one, or when one does not answer any more.
/// </summary>
internal sealed class ClusterClient(int number, IPEndPoint[] silos, ClusterHistory history, int seed) : IAsyncDisposable
{
    public static readonly TimeSpan SessionTimeout = TimeSpan.FromSeconds(20);

    private const int Depth = 4;

    // As of a ZooKeeper client, but sooner: a third of the session's timeout.
    private static readonly TimeSpan Patience = SessionTimeout / 3;

    private readonly ClusterScript _script = new(number, seed);
    private readonly List<Operation> _onConnection = [];
    private KeeperSession? _session;
    private ConnectionRecord? _record;
    private string[] _watched = [];
    private int _connection;
    private long _lastHeard;
    private long _lastHeardTick;

    /// <summary>Goes on until asked to stop, and returns when everything that was sent is answered or lost.</summary>
    public async Task RunAsync(CancellationToken stop, CancellationToken deadline)
    {
        await OpenSessionAsync(deadline);
        while (true)
        {
            var closing = await RunConnectionAsync(_session!, stop);
            var isLost = _session!.Connection.Closed.IsCompleted;
            if (!isLost && stop.IsCancellationRequested)
                break;

            await EndConnectionAsync(isEndedByServer: closing is null && isLost);
            if (closing is { Outcome: Outcome.Acknowledged })
                await OpenSessionAsync(deadline);
            else
                await AttachAsync(closing, deadline);
        }

        EndRecord(isEndedByServer: false);
    }

    /// <summary>Keeps the session alive, and with it what it owns, while others finish and all of it is looked at.</summary>
    public async Task StayAttachedAsync(CancellationToken ended)
    {
        try
        {
            while (true)
            {
                await StayAttachedOnceAsync(ended);
                await Task.Delay(Patience, ended);
            }
        }
        catch (Exception exception) when (exception is ConnectionLostException or SessionExpiredException or OperationCanceledException)
        {
            // It need not any more, or cannot.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_session is not null)
            await _session.DisposeAsync();
    }

    private async Task StayAttachedOnceAsync(CancellationToken ended)
    {
        try
        {
            await _session!.PingAsync();
        }
        catch (ConnectionLostException)
        {
            // Its silo may still end by itself for what befell it before.
            await _session!.AttachAsync(ended);
        }
    }

    // Sends until it is to stop, the connection is lost, the silo is silent or a close was sent, which it then returns.
    private async Task<Operation?> RunConnectionAsync(KeeperSession session, CancellationToken stop)
    {
        var inFlight = new Queue<Task>(Depth);
        Operation? closing = null;
        var isSilent = false;
        while (closing is null && !isSilent && !stop.IsCancellationRequested && !session.Connection.Closed.IsCompleted)
        {
            var operation = Begin(_script.Next());
            inFlight.Enqueue(PerformAsync(operation, () => LoadRequests.Send(session, operation)));
            if (operation.Kind == OperationKind.CloseSession)
                closing = operation;
            else if (inFlight.Count == Depth)
                isSilent = !await IsAnsweredAsync(inFlight.Dequeue());
        }

        isSilent = isSilent
            || !await IsAnsweredAsync(Task.WhenAll(inFlight))
            || (closing is not null && !await IsAnsweredAsync(session.Connection.Closed));
        if (isSilent)
            await AbandonAsync(session);
        await Task.WhenAll(inFlight);
        return closing;
    }

    private Operation Begin(PlannedOperation planned)
    {
        var operation = planned.Begin(history.Operations, number, _session!.Id, _connection);
        _onConnection.Add(operation);
        return operation;
    }

    private async Task PerformAsync(Operation operation, Func<Task<Reply>> send)
    {
        var sent = Stopwatch.GetTimestamp();
        try
        {
            var reply = await send();
            history.Operations.Return(operation, LoadRequests.Record(operation, reply));
            (_lastHeard, _lastHeardTick) = (sent, operation.Invoked);
            if (operation.Outcome == Outcome.Acknowledged && operation.Path.StartsWith(LoadPaths.Registers, StringComparison.Ordinal))
                _script.Observe(operation.Path, operation.ResultVersion);
            if (operation.Error is ErrorCode.ConnectionLoss or ErrorCode.SystemError or ErrorCode.SessionMoved)
                _script.Reset();
        }
        catch (ConnectionLostException)
        {
            // The outcome stays unknown.
        }
    }

    // False when the silo has kept silent for too long: a ZooKeeper client would try another one now.
    private static async Task<bool> IsAnsweredAsync(Task answer)
    {
        try
        {
            await answer.WaitAsync(Patience);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task AbandonAsync(KeeperSession session)
    {
        _record!.IsAbandoned = true;
        await session.Connection.AbandonAsync(reset: false);
    }

    private async Task EndConnectionAsync(bool isEndedByServer)
    {
        await _session!.Connection.Closed;
        EndRecord(isEndedByServer && !_record!.IsAbandoned);
        _watched = DataWatches.Follow(_onConnection, _record!.Events).Armed;
        _onConnection.Clear();
        _script.Reset();
        _connection++;
    }

    private void EndRecord(bool isEndedByServer)
    {
        var events = new List<EventRecord>();
        while (_session!.Connection.Events.TryRead(out var heard))
            events.Add(new EventRecord(heard.Zxid, heard.Event.Type, heard.Event.Path ?? ""));
        _record!.Events = [.. events];
        _record.Ended = history.Operations.Tick();
        _record.IsEndedByServer = isEndedByServer;
    }

    private async Task AttachAsync(Operation? closing, CancellationToken deadline)
    {
        try
        {
            await _session!.AttachAsync(deadline);
            BeginRecord();
            await SetWatchesAsync();
        }
        catch (SessionExpiredException) when (closing is not null)
        {
            // The close took effect although its answer was lost: the server says so now.
            closing.Outcome = Outcome.Acknowledged;
            await OpenSessionAsync(deadline);
        }
        catch (SessionExpiredException)
        {
            var silence = Stopwatch.GetElapsedTime(_lastHeard);
            history.Add(new SessionExpiry(
                number, _session!.Id, _session.Timeout.TotalMilliseconds, silence.TotalMilliseconds, _lastHeardTick));
            await OpenSessionAsync(deadline);
        }
    }

    private async Task SetWatchesAsync()
    {
        var watches = new SetWatches2(_session!.LastZxid, _watched, [], [], [], [LoadPaths.Members]);
        var operation = Begin(new PlannedOperation(OperationKind.SetWatches, "", "", string.Join(' ', _watched), -1));
        await RunWithPatienceAsync(operation, () => _session.SetWatchesAsync(watches));
    }

    private async Task OpenSessionAsync(CancellationToken deadline)
    {
        if (_session is not null)
            await _session.DisposeAsync();
        _watched = [];
        _lastHeard = Stopwatch.GetTimestamp();
        _session = await KeeperSession.OpenAsync(silos, (_session?.Server ?? number) % silos.Length, SessionTimeout, deadline);
        BeginRecord();
        var operation = Begin(new PlannedOperation(OperationKind.AddWatch, LoadPaths.Members, "", "", -1));
        await RunWithPatienceAsync(operation, () => LoadRequests.Send(_session, operation));
    }

    private async Task RunWithPatienceAsync(Operation operation, Func<Task<Reply>> send)
    {
        if (!await IsAnsweredAsync(PerformAsync(operation, send)))
            await AbandonAsync(_session!);
    }

    private void BeginRecord()
    {
        _onConnection.Clear();
        _record = new ConnectionRecord
        {
            Client = number,
            Connection = _connection,
            SessionId = _session!.Id,
            Server = _session.Server,
            Opened = history.Operations.Tick(),
        };
        history.Add(_record);
    }
}
