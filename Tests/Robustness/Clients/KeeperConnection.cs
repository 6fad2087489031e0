using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Jute;
using OrleansKeeper.Protocol.Messages;

namespace OrleansKeeper.Tests.Robustness.Clients;

/// <summary>
/// One TCP connection that speaks the protocol and hides nothing: it does not reconnect, retry or ping. Answers must come in the
/// order of the requests; anything else ends the connection as broken.
/// </summary>
internal sealed class KeeperConnection : IAsyncDisposable
{
    // A ZooKeeper that is starting may leave a connection open without ever answering it.
    private static readonly TimeSpan HandshakeLimit = TimeSpan.FromSeconds(5);

    private readonly Socket _socket;
    private readonly FrameReader _frames;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly Lock _lock = new();
    private readonly Queue<PendingReply> _pending = new();
    private readonly Channel<Notification> _events = Channel.CreateUnbounded<Notification>();
    private readonly CancellationTokenSource _closing = new();

    private ConnectionLostException? _lost;
    private Task _reading = Task.CompletedTask;
    private int _eventCount;
    private int _xid;

    private KeeperConnection(Socket socket)
    {
        _socket = socket;
        _frames = new FrameReader(socket);
    }

    public ConnectResponse Session { get; private set; }

    public ChannelReader<Notification> Events => _events.Reader;

    /// <summary>Completes when the connection has ended, whoever ended it.</summary>
    public Task Closed => _reading;

    /// <summary>Called with each reply before its request's task completes, in the order of arrival.</summary>
    public Action<Reply>? ReplyArrived { get; set; }

    public static async Task<KeeperConnection> OpenAsync(IPEndPoint server, ConnectRequest request, CancellationToken cancellationToken)
    {
        var socket = await TcpConnection.OpenAsync(server, cancellationToken);
        var connection = new KeeperConnection(socket);
        try
        {
            var frame = new byte[Frames.SizeOf(request)];
            Frames.Write(frame, request);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(HandshakeLimit);
            await connection.SendFrameAsync(frame, limit.Token);
            var response = await connection._frames.ReadAsync(limit.Token)
                ?? throw new ConnectionLostException("The server ended the connection instead of answering the handshake.");
            connection.Session = JuteRecords.Parse<ConnectResponse>(response);
            if (connection.Session.Timeout <= 0)
                throw new SessionExpiredException(request.SessionId);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            await connection.DisposeAsync();
            throw new ConnectionLostException($"The server did not answer the handshake within {HandshakeLimit}.", exception);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        connection._reading = connection.ReadRepliesAsync();
        return connection;
    }

    public Task<Reply> RequestAsync<TBody>(OpCode opCode, TBody body) where TBody : IJuteRecord<TBody>
    {
        var header = new RequestHeader(Interlocked.Increment(ref _xid), opCode);
        var frame = new byte[Frames.SizeOf(header, body)];
        Frames.Write(frame, header, body);
        return RequestAsync(header.Xid, frame);
    }

    public Task<Reply> RequestAsync(OpCode opCode)
    {
        var xid = opCode == OpCode.Ping ? WellKnownXids.Ping : Interlocked.Increment(ref _xid);
        var header = new RequestHeader(xid, opCode);
        var frame = new byte[Frames.SizeOf(header)];
        Frames.Write(frame, header);
        return RequestAsync(xid, frame);
    }

    /// <summary>Ends the connection without a word, with a FIN or as a killed machine's kernel would, with a reset.</summary>
    public async Task AbandonAsync(bool reset)
    {
        if (reset)
            _socket.LingerState = new LingerOption(true, 0);
        _socket.Close();
        await _reading;
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _socket.Dispose();
        await _reading;
    }

    private async Task<Reply> RequestAsync(int xid, byte[] frame)
    {
        var pending = new PendingReply(xid);
        var enqueued = false;
        await _sending.WaitAsync();
        try
        {
            lock (_lock)
            {
                if (_lost is not null)
                    throw new ConnectionLostException(_lost.Message, _lost);
                _pending.Enqueue(pending);
                enqueued = true;
            }

            await SendFrameAsync(frame, CancellationToken.None);
        }
        catch (ConnectionLostException) when (enqueued)
        {
            // The reader sees the end of the connection too and fails all that is pending, in order.
        }
        finally
        {
            _sending.Release();
        }

        return await pending.Completion.Task;
    }

    private async Task SendFrameAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        try
        {
            while (!frame.IsEmpty)
                frame = frame[await _socket.SendAsync(frame, SocketFlags.None, cancellationToken)..];
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            throw new ConnectionLostException("The request could not be sent.", exception);
        }
    }

    private async Task ReadRepliesAsync()
    {
        var reason = "The server ended the connection.";
        try
        {
            while (await _frames.ReadAsync(_closing.Token) is { } frame)
                Dispatch(frame);
        }
        catch (OperationCanceledException)
        {
            reason = "The client ended the connection.";
        }
        catch (Exception exception)
        {
            reason = $"The server's bytes make no sense: {exception.Message}";
        }

        FailPending(new ConnectionLostException(reason));
    }

    private void Dispatch(byte[] frame)
    {
        var reader = new JuteReader(frame);
        var header = ReplyHeader.Read(ref reader);
        if (header.Xid == WellKnownXids.Notification)
        {
            _eventCount++;
            _events.Writer.TryWrite(new Notification(header.Zxid, WatcherEvent.Read(ref reader), Stopwatch.GetTimestamp()));
            return;
        }

        PendingReply? pending;
        lock (_lock)
        {
            if (!_pending.TryDequeue(out pending))
                throw new InvalidDataException($"xid {header.Xid} answers no request.");
        }

        if (pending.Xid != header.Xid)
        {
            pending.Completion.SetException(new ConnectionLostException($"xid {header.Xid} came where {pending.Xid} was due."));
            throw new InvalidDataException($"xid {header.Xid} came where {pending.Xid} was due.");
        }

        var reply = new Reply(header, frame.AsMemory(reader.Position), _eventCount);
        ReplyArrived?.Invoke(reply);
        pending.Completion.SetResult(reply);
    }

    private void FailPending(ConnectionLostException lost)
    {
        PendingReply[] pending;
        lock (_lock)
        {
            _lost = lost;
            pending = [.. _pending];
            _pending.Clear();
        }

        foreach (var reply in pending)
            reply.Completion.TrySetException(lost);
        _socket.Dispose();
        _events.Writer.TryComplete();
    }
}
