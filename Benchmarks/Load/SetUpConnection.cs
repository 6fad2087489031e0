using System.Net;
using System.Net.Sockets;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Jute;
using OrleansKeeper.Protocol.Messages;

namespace OrleansKeeper.Benchmarks.Load;

/// <summary>A plain, blocking connection: opens sessions and puts the znodes in place before the load begins.</summary>
internal sealed class SetUpConnection : IDisposable
{
    private const int Window = 256;
    private const int SessionTimeout = 30_000;

    private readonly Socket _socket;
    private readonly NetworkStream _stream;

    private SetUpConnection(Socket socket)
    {
        _socket = socket;
        _stream = new NetworkStream(socket);
    }

    /// <summary>A socket with a session on it.</summary>
    public static Socket OpenSession(IPEndPoint server)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(server);
        var connection = new SetUpConnection(socket);
        var request = new ConnectRequest(0, 0, SessionTimeout, 0, new byte[WireLimits.PasswordLength]);
        var frame = new byte[Frames.SizeOf(request)];
        Frames.Write(frame, request);
        connection._stream.Write(frame);
        if (JuteRecords.Parse<ConnectResponse>(connection.ReadFrame()).Timeout <= 0)
            throw new IOException("The server refused a session.");
        return socket;
    }

    /// <summary>Creates the parents and the keys, as far as they are not there.</summary>
    public static void CreateZNodes(LoadOptions options)
    {
        using var connection = new SetUpConnection(OpenSession(options.ServerOf(0)));
        connection.Create([options.Root, options.KeysParent, options.QueueParent], []);
        foreach (var some in Enumerable.Range(0, options.Keys).Select(options.Key).Chunk(Window))
            connection.Create(some, RequestSource.Payload(options.Bytes));
        connection.Close();
    }

    public void Dispose()
    {
        _stream.Dispose();
        _socket.Dispose();
    }

    private void Create(string[] paths, byte[] data)
    {
        foreach (var path in paths)
        {
            var body = new CreateRequest(path, data, [.. Acls.OpenUnsafe], (int)CreateMode.Persistent);
            var header = new RequestHeader(1, OpCode.Create);
            var frame = new byte[Frames.SizeOf(header, body)];
            Frames.Write(frame, header, body);
            _stream.Write(frame);
        }

        foreach (var path in paths)
        {
            var error = JuteRecords.Parse<ReplyHeader>(ReadFrame()).Error;
            if (error is not (ErrorCode.Ok or ErrorCode.NodeExists))
                throw new IOException($"{path} could not be created: {error}.");
        }
    }

    private void Close()
    {
        Span<byte> frame = stackalloc byte[RequestWriter.MostOverhead];
        _stream.Write(frame[..RequestWriter.HeaderOnly(frame, 1, OpCode.CloseSession)]);
        ReadFrame();
    }

    private byte[] ReadFrame()
    {
        Span<byte> prefix = stackalloc byte[Frames.LengthPrefixBytes];
        _stream.ReadExactly(prefix);
        var frame = new byte[new JuteReader(prefix).ReadInt()];
        _stream.ReadExactly(frame);
        return frame;
    }
}
