using OrleansKeeper.Tests.Interop.Servers;
using OrleansKeeper.Tests.Interop.Wire;

namespace OrleansKeeper.Tests.Interop.Differential;

/// <summary>
/// One of a script's sessions. It is opened when first used, attached anew when the server dropped its connection, and replaced by another
/// session after a closeSession. In a cluster it moves on to the next server with every connection.
/// </summary>
public sealed class SessionSlot(IReadOnlyList<ServerProcess> servers, int number) : IAsyncDisposable
{
    private ConnectRequest? _attachment;
    private int _generation;
    private int _server = number % servers.Count;

    public RawClient? Client { get; private set; }

    public SessionZxids Zxids { get; private set; } = new();

    public string SessionName => $"session{number}.{_generation}";

    public bool IsLive => Client is not null;

    /// <summary>
    /// It has just come back, in a cluster on another server. A new session has not: to open one is a transaction, which sees what was
    /// written before it.
    /// </summary>
    public bool HasMoved { get; set; }

    /// <summary>Opens or attaches if there is no connection; says what the server answered if so.</summary>
    public async Task<Observation?> EnsureConnectedAsync()
    {
        if (Client is not null)
            return null;
        if (_attachment is null)
        {
            _generation++;
            Zxids = new SessionZxids();
        }
        var client = await RawClient.TryConnectAsync(servers[_server].EndPoint, _attachment ?? new ConnectRequest { Timeout = 40_000 });
        if (client is null)
            return new Observation("connect: closed without an answer", []);
        if (client.SessionId != 0)
            Client = client;
        HasMoved = IsLive && _attachment is not null;
        var response = client.Response;
        var same = _attachment is null || _attachment.SessionId == response.SessionId;
        return new Observation(
            $"connect timeout={response.Timeout} password={response.Password?.Length} readOnly={response.ReadOnly} same={same} expired={response.SessionId == 0}",
            []);
    }

    /// <summary>The connection goes, the session stays.</summary>
    public async Task DropAsync()
    {
        if (Client is null)
            return;
        _attachment = Client.Reattachment() with { LastZxidSeen = Zxids.Last };
        await Client.DisposeAsync();
        Client = null;
        _server = (_server + 1) % servers.Count;
    }

    /// <summary>The session was closed; the next use opens another one.</summary>
    public async Task ForgetAsync()
    {
        await DropAsync();
        _attachment = null;
    }

    /// <summary>Closes the session, so that its ephemerals do not vanish in the middle of somebody else's run.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_attachment is not null)
            await EnsureConnectedAsync();
        if (Client is null)
            return;
        await Client.SendAsync(OpCode.CloseSession);
        while (await Client.ReceiveAsync() is not null)
        {
            // Whatever is still under way; the server hangs up after its reply.
        }
        await ForgetAsync();
    }
}
