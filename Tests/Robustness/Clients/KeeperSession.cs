using System.Net;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Messages;

namespace OrleansKeeper.Tests.Robustness.Clients;

/// <summary>
/// A session as a client keeps it: id, password and the last zxid that it has seen outlive the connection, and with them the client
/// attaches again, to the same server or, if it knows several, to the next one.
/// </summary>
internal sealed class KeeperSession : IAsyncDisposable
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(20);

    private readonly IReadOnlyList<IPEndPoint> _servers;
    private readonly TimeSpan _requestedTimeout;
    private byte[] _password = new byte[WireLimits.PasswordLength];
    private long _lastZxid;

    private KeeperSession(IReadOnlyList<IPEndPoint> servers, int first, TimeSpan requestedTimeout)
    {
        _servers = servers;
        Server = first;
        _requestedTimeout = requestedTimeout;
    }

    /// <summary>Which of the servers it is, or was last, attached to.</summary>
    public int Server { get; private set; }

    public long Id { get; private set; }

    public TimeSpan Timeout { get; private set; }

    public long LastZxid => Interlocked.Read(ref _lastZxid);

    public KeeperConnection Connection { get; private set; } = null!;

    public static Task<KeeperSession> OpenAsync(IPEndPoint server, CancellationToken cancellationToken) =>
        OpenAsync(server, DefaultTimeout, cancellationToken);

    public static async Task<KeeperSession> OpenAsync(IPEndPoint server, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var session = new KeeperSession([server], 0, timeout);
        await session.AttachOnceAsync(cancellationToken);
        return session;
    }

    /// <summary>Opens one at the first server that serves, trying them in turn.</summary>
    public static async Task<KeeperSession> OpenAsync(
        IReadOnlyList<IPEndPoint> servers, int first, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var session = new KeeperSession(servers, first, timeout);
        await session.AttachToAnyAsync(cancellationToken);
        return session;
    }

    /// <summary>Attaches with a new connection, to the next server if there are several, trying until one is there.</summary>
    public async Task AttachAsync(CancellationToken cancellationToken)
    {
        await Connection.DisposeAsync();
        Server = (Server + 1) % _servers.Count;
        await AttachToAnyAsync(cancellationToken);
    }

    /// <summary>Attaches with a new connection to a server, while the old connection, if it still is one, stays open.</summary>
    public async Task MoveAsync(int server, CancellationToken cancellationToken)
    {
        Server = server;
        await AttachOnceAsync(cancellationToken);
    }

    public async Task<Reply> CloseAsync() => await Connection.RequestAsync(OpCode.CloseSession);

    public ValueTask DisposeAsync() => Connection.DisposeAsync();

    private async Task AttachToAnyAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await AttachOnceAsync(cancellationToken);
                return;
            }
            catch (ConnectionLostException)
            {
                await Task.Delay(RetryInterval, cancellationToken);
                Server = (Server + 1) % _servers.Count;
            }
        }
    }

    private async Task AttachOnceAsync(CancellationToken cancellationToken)
    {
        var request = new ConnectRequest(0, LastZxid, (int)_requestedTimeout.TotalMilliseconds, Id, _password);
        Connection = await KeeperConnection.OpenAsync(_servers[Server], request, cancellationToken);
        Connection.ReplyArrived = reply => Advance(reply.Zxid);
        Id = Connection.Session.SessionId;
        _password = Connection.Session.Password ?? [];
        Timeout = TimeSpan.FromMilliseconds(Connection.Session.Timeout);
    }

    // Replies come one after the other, and the next connection starts when the last one has ended: a plain maximum is enough.
    private void Advance(long zxid) => Interlocked.Exchange(ref _lastZxid, Math.Max(LastZxid, zxid));
}
