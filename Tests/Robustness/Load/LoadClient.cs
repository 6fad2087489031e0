using System.Net;
using OrleansKeeper.Tests.Robustness.Clients;
using OrleansKeeper.Tests.Robustness.Histories;

namespace OrleansKeeper.Tests.Robustness.Load;

/// <summary>
/// A client that keeps a few requests in flight, writes down each, and attaches again with its session whenever it loses the server.
/// Now and then it closes its session and opens another one.
/// </summary>
internal sealed class LoadClient(int number, IPEndPoint server, History history, int seed)
{
    private const int Depth = 8;

    private readonly LoadScript _script = new(number, seed);
    private KeeperSession? _session;
    private int _connection;

    /// <summary>The session that is open now, or null before the first.</summary>
    public KeeperSession? Session => _session;

    /// <summary>Goes on until asked to stop, and returns when everything that was sent is answered or lost.</summary>
    public async Task RunAsync(CancellationToken stop, CancellationToken deadline)
    {
        _session ??= await OpenSessionAsync(deadline);
        while (!stop.IsCancellationRequested)
        {
            var closing = await RunConnectionAsync(_session, stop);
            if (closing is { Outcome: Outcome.Acknowledged })
                await ReplaceSessionAsync(deadline);
            else if (_session.Connection.Closed.IsCompleted)
                await AttachAsync(closing, deadline);
        }
    }

    /// <summary>Attaches with the same session, for a last look.</summary>
    public async Task AttachAsync(CancellationToken deadline) => await AttachAsync(closing: null, deadline);

    // Sends until it is to stop, the connection is lost or a close was sent, which it then returns.
    private async Task<Operation?> RunConnectionAsync(KeeperSession session, CancellationToken stop)
    {
        var inFlight = new List<Task>(Depth);
        Operation? closing = null;
        while (closing is null && !stop.IsCancellationRequested && !session.Connection.Closed.IsCompleted)
        {
            var operation = _script.Next().Begin(history, number, session.Id, _connection);
            inFlight.Add(PerformAsync(session, operation));
            if (operation.Kind == OperationKind.CloseSession)
                closing = operation;
            else if (inFlight.Count == Depth)
            {
                await inFlight[0];
                inFlight.RemoveAt(0);
            }
        }

        await Task.WhenAll(inFlight);
        if (closing is not null)
            await session.Connection.Closed;
        return closing;
    }

    private async Task PerformAsync(KeeperSession session, Operation operation)
    {
        try
        {
            var reply = await LoadRequests.Send(session, operation);
            history.Return(operation, LoadRequests.Record(operation, reply));
        }
        catch (ConnectionLostException)
        {
            // The outcome stays unknown.
        }
    }

    private async Task AttachAsync(Operation? closing, CancellationToken deadline)
    {
        _script.Reset();
        _connection++;
        try
        {
            await _session!.AttachAsync(deadline);
        }
        catch (SessionExpiredException) when (closing is not null)
        {
            // The close took effect although its answer was lost: the server says so now.
            closing.Outcome = Outcome.Acknowledged;
            await ReplaceSessionAsync(deadline);
        }
    }

    private async Task ReplaceSessionAsync(CancellationToken deadline)
    {
        _script.Reset();
        _connection++;
        await _session!.DisposeAsync();
        _session = await OpenSessionAsync(deadline);
    }

    private async Task<KeeperSession> OpenSessionAsync(CancellationToken deadline)
    {
        while (true)
        {
            try
            {
                return await KeeperSession.OpenAsync(server, deadline);
            }
            catch (ConnectionLostException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), deadline);
            }
        }
    }
}
