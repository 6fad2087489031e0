using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace OrleansKeeper.Tests.Interop.Wire;

/// <summary>A TCP connection that sends and receives length-prefixed frames, or any bytes a test likes.</summary>
public sealed class RawConnection : IDisposable
{
    private readonly Socket _socket;
    private readonly NetworkStream _stream;

    private RawConnection(Socket socket)
    {
        _socket = socket;
        _stream = new NetworkStream(socket);
    }

    public static async Task<RawConnection> OpenAsync(IPEndPoint server, CancellationToken cancellationToken = default)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(server, cancellationToken);
            return new RawConnection(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public static byte[] Frame(byte[] payload) => new JuteWriter().Buffer(payload).ToArray();

    public async Task SendBytesAsync(byte[] bytes, CancellationToken cancellationToken = default) =>
        await _stream.WriteAsync(bytes, cancellationToken);

    public Task SendFrameAsync(byte[] payload, CancellationToken cancellationToken = default) =>
        SendBytesAsync(Frame(payload), cancellationToken);

    /// <summary>The next frame's payload, or null if the server closed the connection in good order or by a reset.</summary>
    public async Task<byte[]?> ReceiveFrameAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            var length = new byte[4];
            if (await _stream.ReadAtLeastAsync(length, 4, throwOnEndOfStream: false, cancellationToken) < 4)
                return null;
            var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
            await _stream.ReadExactlyAsync(payload, cancellationToken);
            return payload;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>All bytes up to the end of the stream.</summary>
    public async Task<byte[]> ReceiveToEndAsync(CancellationToken cancellationToken = default)
    {
        var all = new MemoryStream();
        try
        {
            await _stream.CopyToAsync(all, cancellationToken);
        }
        catch (IOException exception) when (exception.InnerException is SocketException)
        {
            // A reset ends the stream as well as a FIN does.
        }
        return all.ToArray();
    }

    public void Dispose()
    {
        _stream.Dispose();
        _socket.Dispose();
    }
}
