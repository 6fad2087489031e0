using System.Diagnostics;
using System.Net;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Messages;
using OrleansKeeper.Tests.Robustness.Clients;
using OrleansKeeper.Tests.Robustness.Histories;
using OrleansKeeper.Tests.Robustness.Load;

namespace OrleansKeeper.Tests.Robustness.Cluster.Load;

/// <summary>
/// A client that takes the lock and gives it back, again and again, by ZooKeeper's recipe: a place in a queue of ephemeral sequential
/// znodes, and a watch on the one in front. While it holds the lock it writes a register, in a multi that checks that its place is
/// still there.
/// </summary>
internal sealed class LockClient(int number, IPEndPoint[] silos, ClusterHistory history) : IAsyncDisposable
{
    private const int WritesPerGrant = 2;

    private static readonly TimeSpan SessionTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Patience = SessionTimeout / 3;
    private static readonly TimeSpan EventLimit = TimeSpan.FromSeconds(1);

    private KeeperSession? _session;
    private LockGrant? _grant;
    private long _lastHeard;
    private long _lastHeardTick;

    /// <summary>Goes on until asked to stop; holds no lock when it returns.</summary>
    public async Task RunAsync(CancellationToken stop, CancellationToken deadline)
    {
        await OpenSessionAsync(number % silos.Length, deadline);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (await AcquireAsync(stop) is { } place)
                    await WriteAndReleaseAsync(place);
            }
            catch (Exception exception) when (exception is ConnectionLostException or TimeoutException)
            {
                await StartOverAsync(deadline);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_session is not null)
            await _session.DisposeAsync();
    }

    private async Task<string?> AcquireAsync(CancellationToken stop)
    {
        var created = await AskAsync(() => _session!.CreateAsync($"{LoadPaths.Lock}/place-", "", CreateMode.EphemeralSequential));
        if (!created.IsOk)
            throw new ConnectionLostException($"No place in the queue: {created.Error}.");

        var place = created.Read<CreateResponse>().Path!;
        while (!stop.IsCancellationRequested)
        {
            var listed = await AskAsync(() => _session!.GetChildrenAsync(LoadPaths.Lock));
            string[] places = [.. (listed.Read<GetChildren2Response>().Children ?? []).Order(StringComparer.Ordinal)];
            var at = Array.IndexOf(places, place[(LoadPaths.Lock.Length + 1)..]);
            if (at == 0)
            {
                Grant(created.Zxid);
                return place;
            }

            if (at < 0)
                throw new ConnectionLostException("The place in the queue is gone, so the session is.");
            await WaitForAsync($"{LoadPaths.Lock}/{places[at - 1]}");
        }

        await AskAsync(() => _session!.DeleteAsync(place));
        return null;
    }

    private async Task WaitForAsync(string predecessor)
    {
        if (!(await AskAsync(() => _session!.ExistsAsync(predecessor, watch: true))).IsOk)
            return;

        try
        {
            await _session!.NextEventAsync(EventLimit);
        }
        catch (TimeoutException)
        {
            // Looking again does no harm, and keeps the session alive.
        }
        catch (System.Threading.Channels.ChannelClosedException exception)
        {
            throw new ConnectionLostException("The server ended the connection.", exception);
        }
    }

    private void Grant(long token)
    {
        _grant = new LockGrant { Client = number, SessionId = _session!.Id, Token = token, Granted = history.Operations.Tick() };
        history.Add(_grant);
    }

    private async Task WriteAndReleaseAsync(string place)
    {
        var grant = _grant!;
        var guarded = new SetDataRequest(LoadPaths.Guarded, BitConverter.GetBytes(grant.Token), KeeperOperations.AnyVersion);
        for (var i = 0; i < WritesPerGrant; i++)
        {
            var written = await AskAsync(() => _session!.MultiAsync(
                new CheckOperation(new CheckVersionRequest(place, KeeperOperations.AnyVersion)),
                new SetDataOperation(guarded)));
            if (written.IsOk && written.Read<MultiResponse>().Results.All(result => result.Error == ErrorCode.Ok))
                grant.Writes.Add(written.Zxid);
        }

        grant.HeldUntil = history.Operations.Tick();
        _grant = null;
        await AskAsync(() => _session!.DeleteAsync(place));
    }

    private async Task<Reply> AskAsync(Func<Task<Reply>> request)
    {
        var (sent, sentTick) = (Stopwatch.GetTimestamp(), history.Operations.Tick());
        var reply = await request().WaitAsync(Patience);
        (_lastHeard, _lastHeardTick) = (sent, sentTick);
        return reply;
    }

    // What was asked for and not answered may have happened: closing the session takes back whatever did.
    private async Task StartOverAsync(CancellationToken deadline)
    {
        try
        {
            await _session!.AttachAsync(deadline);
            EndGrant(history.Operations.Tick());
            await _session.CloseAsync().WaitAsync(Patience);
        }
        catch (SessionExpiredException)
        {
            var silence = Stopwatch.GetElapsedTime(_lastHeard);
            history.Add(new SessionExpiry(
                number, _session!.Id, _session.Timeout.TotalMilliseconds, silence.TotalMilliseconds, _lastHeardTick));
            EndGrant(_lastHeardTick);
        }
        catch (Exception exception) when (exception is ConnectionLostException or TimeoutException)
        {
            // The session expires by itself.
            EndGrant(_lastHeardTick);
        }

        await _session!.DisposeAsync();
        await OpenSessionAsync(_session.Server, deadline);
    }

    private async Task OpenSessionAsync(int server, CancellationToken deadline)
    {
        _session = await KeeperSession.OpenAsync(silos, server, SessionTimeout, deadline);
        (_lastHeard, _lastHeardTick) = (Stopwatch.GetTimestamp(), history.Operations.Tick());
    }

    private void EndGrant(long heldUntil)
    {
        if (_grant is not null)
            _grant.HeldUntil = heldUntil;
        _grant = null;
    }
}
