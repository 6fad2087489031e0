using System.Buffers.Binary;
using System.Net.Sockets;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Tests.Robustness.Clients;

/// <summary>Cuts the bytes of a connection into frames.</summary>
internal sealed class FrameReader(Socket socket)
{
    private byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;

    /// <summary>The next frame without its length, or null when the connection has ended.</summary>
    public async ValueTask<byte[]?> ReadAsync(CancellationToken cancellationToken)
    {
        if (!await FillAsync(Frames.LengthPrefixBytes, cancellationToken))
            return null;

        var length = BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_start));
        if (length < 0)
            throw new InvalidDataException($"The server sent a frame of length {length}.");
        if (!await FillAsync(Frames.LengthPrefixBytes + length, cancellationToken))
            return null;

        var frame = _buffer.AsSpan(_start + Frames.LengthPrefixBytes, length).ToArray();
        _start += Frames.LengthPrefixBytes + length;
        return frame;
    }

    private async ValueTask<bool> FillAsync(int needed, CancellationToken cancellationToken)
    {
        while (_end - _start < needed)
        {
            MakeRoom(needed);
            int received;
            try
            {
                received = await socket.ReceiveAsync(_buffer.AsMemory(_end), SocketFlags.None, cancellationToken);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return false;
            }

            if (received == 0)
                return false;
            _end += received;
        }

        return true;
    }

    private void MakeRoom(int needed)
    {
        if (_buffer.Length - _start >= needed && _end < _buffer.Length)
            return;

        var target = needed <= _buffer.Length ? _buffer : new byte[Math.Max(needed, 2 * _buffer.Length)];
        _buffer.AsSpan(_start, _end - _start).CopyTo(target);
        _buffer = target;
        _end -= _start;
        _start = 0;
    }
}
