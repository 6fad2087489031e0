using System.Net;
using System.Threading.Channels;

namespace OrleansKeeper.Tests.Interop.Wire;

/// <summary>
/// A session without any of a real client's comfort: it sends exactly what it is told, pipelined if the caller does not wait,
/// and hands out replies and watch events in the order in which they came from the socket. It sends no pings by itself.
/// </summary>
public sealed class RawClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly RawConnection _connection;
    private readonly Channel<Packet> _arrived = Channel.CreateUnbounded<Packet>();
    private readonly Task _reading;
    private int _xid;

    private RawClient(RawConnection connection, ConnectResponse response)
    {
        _connection = connection;
        Response = response;
        _reading = ReadAsync();
    }

    public ConnectResponse Response { get; }

    public long SessionId => Response.SessionId;

    /// <summary>The highest zxid in the header of an ordinary reply.</summary>
    public long LastZxid { get; private set; }

    public static async Task<RawClient> ConnectAsync(IPEndPoint server, ConnectRequest? request = null) =>
        await TryConnectAsync(server, request) ?? throw new IOException("The server closed the connection without an answer.");

    /// <summary>Null if the server closes the connection without an answer.</summary>
    public static async Task<RawClient?> TryConnectAsync(IPEndPoint server, ConnectRequest? request = null)
    {
        using var limit = new CancellationTokenSource(Patience);
        var connection = await RawConnection.OpenAsync(server, limit.Token);
        try
        {
            await connection.SendFrameAsync((request ?? new ConnectRequest()).Encode(), limit.Token);
            if (await connection.ReceiveFrameAsync(limit.Token) is { } answer)
                return new RawClient(connection, ConnectResponse.Parse(answer));
            connection.Dispose();
            return null;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>A new connection for the same session.</summary>
    public Task<RawClient> ReattachAsync(IPEndPoint server) => ConnectAsync(server, Reattachment());

    public ConnectRequest Reattachment() => new()
    {
        SessionId = SessionId,
        Password = Response.Password!,
        LastZxidSeen = LastZxid,
        Timeout = Response.Timeout,
    };

    public int NextXid() => ++_xid;

    /// <summary>Sends the packets in one write, without waiting for a reply.</summary>
    public async Task SendAsync(params IEnumerable<byte[]> payloads)
    {
        using var limit = new CancellationTokenSource(Patience);
        var bytes = payloads.SelectMany(RawConnection.Frame).ToArray();
        try
        {
            await _connection.SendBytesAsync(bytes, limit.Token);
        }
        catch (IOException)
        {
            // The server hung up; whoever waits for the replies sees the end of the stream.
        }
    }

    public async Task<int> SendAsync(int opCode, JuteWriter? body = null, int? xid = null)
    {
        var number = xid ?? NextXid();
        await SendAsync(Payload(number, opCode, body));
        return number;
    }

    public static byte[] Payload(int xid, int opCode, JuteWriter? body = null) =>
        new JuteWriter().Int(xid).Int(opCode).Raw(body?.ToArray() ?? []).ToArray();

    /// <summary>The next packet from the server, or null at the end of the stream.</summary>
    public async Task<Packet?> ReceiveAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            var packet = await _arrived.Reader.ReadAsync(limit.Token);
            if (!packet.IsEvent)
                LastZxid = Math.Max(LastZxid, packet.Zxid);
            return packet;
        }
        catch (ChannelClosedException closed) when (closed.InnerException is null)
        {
            return null;
        }
        catch (ChannelClosedException closed)
        {
            throw new InvalidDataException($"Session 0x{SessionId:x} got a packet that is none.", closed.InnerException);
        }
        catch (OperationCanceledException exception)
        {
            throw new TimeoutException($"Session 0x{SessionId:x} got nothing for {Patience.TotalSeconds} s.", exception);
        }
    }

    /// <summary>Sends one request and returns its reply; an event in between is an error of the test.</summary>
    public async Task<Packet> CallAsync(int opCode, JuteWriter? body = null, int? xid = null)
    {
        var number = await SendAsync(opCode, body, xid);
        var reply = await ReceiveAsync() ?? throw new IOException($"The connection ended before the reply to request {number}.");
        Assert.Equal(number, reply.Xid);
        return reply;
    }

    public async ValueTask DisposeAsync()
    {
        _connection.Dispose();
        await _reading;
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await _connection.ReceiveFrameAsync() is { } frame)
                _arrived.Writer.TryWrite(Packet.Parse(frame));
            _arrived.Writer.Complete();
        }
        catch (ObjectDisposedException)
        {
            _arrived.Writer.Complete();
        }
        catch (Exception exception)
        {
            _arrived.Writer.Complete(exception);
        }
    }
}
