using System.Buffers;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using OrleansKeeper.Grains.Sessions;

namespace OrleansKeeper.Silo.FrontEnd;

/// <summary>
/// A TCP connection's sending side. What was written is sent by whoever flushes, in one call of the operating system that does not wait:
/// by way of the transport's pipe a reply took half as long again. While the client takes its replies slowly, the rest of them is
/// sent in the background and new ones add up behind it; the bound on that is what holds back the reading side.
/// </summary>
internal sealed class ConnectionOutput : ISessionOutput
{
    private const int SmallestBuffer = 4 * 1024;

    private readonly ConnectionContext _connection;
    private readonly Socket _socket;
    private readonly int _maxQueuedBytes;
    private byte[] _buffer = [];
    private int _written;
    private int _sendingBytes;
    private int _usualBytes = SmallestBuffer;
    private bool _isClosing;
    private TaskCompletionSource? _room;

    public ConnectionOutput(ConnectionContext connection, int maxQueuedBytes)
    {
        _connection = connection;
        _maxQueuedBytes = maxQueuedBytes;
        _socket = connection.Features.Get<IConnectionSocketFeature>()!.Socket;
        _socket.Blocking = false;
    }

    public Lock Lock { get; } = new();

    public bool IsFull => IsSending && QueuedBytes > _maxQueuedBytes;

    public bool IsOverflowing => IsSending && QueuedBytes > 2L * _maxQueuedBytes;

    /// <summary>Whether so much was written since the last flush that it is time for one.</summary>
    public bool WantsFlush => _written > _maxQueuedBytes;

    /// <summary>Ends when the client has taken everything that was flushed, or is gone.</summary>
    public Task Sending { get; private set; } = Task.CompletedTask;

    /// <summary>Whether the client has closed the connection, and nothing that it sent before waits to be received.</summary>
    public bool IsGivenUp
    {
        get
        {
            try
            {
                return _socket.Poll(0, SelectMode.SelectRead) && _socket.Available == 0;
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return true;
            }
        }
    }

    private bool IsSending => _sendingBytes > 0;

    private long QueuedBytes => (long)_sendingBytes + _written;

    public void Advance(int count) => _written += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsMemory(_written);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsSpan(_written);
    }

    public void Flush()
    {
        if (IsSending || _written == 0)
            return;

        var (buffer, length) = (_buffer, _written);
        (_buffer, _written) = ([], 0);
        _usualBytes = Math.Max(length, SmallestBuffer);
        if (TrySend(buffer.AsSpan(0, length), out var sent))
        {
            ArrayPool<byte>.Shared.Return(buffer);
            return;
        }

        _sendingBytes = length - sent;
        Sending = SendRestAsync(buffer, sent, length);
    }

    public Task WaitForRoomAsync()
    {
        lock (Lock)
        {
            if (!IsFull)
                return Task.CompletedTask;

            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task;
        }
    }

    public void Close()
    {
        _isClosing = true;
        if (!IsSending)
            _connection.Transport.Input.CancelPendingRead();
    }

    public void Abort(string reason) => _connection.Abort(new ConnectionAbortedException($"The client was disconnected: {reason}."));

    private void Reserve(int sizeHint)
    {
        var size = Math.Max(sizeHint, 1);
        if (_buffer.Length - _written >= size)
            return;

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_usualBytes, _written + Math.Max(size, _written)));
        _buffer.AsSpan(0, _written).CopyTo(larger);
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    /// <summary>Sends what the operating system takes at once; false when that is not all, or the connection is gone.</summary>
    private bool TrySend(ReadOnlySpan<byte> bytes, out int sent)
    {
        try
        {
            sent = _socket.Send(bytes, SocketFlags.None, out var error);
            return error == SocketError.Success && sent == bytes.Length;
        }
        catch (ObjectDisposedException)
        {
            sent = 0;
            return false;
        }
    }

    /// <summary>Sends a rest, and whatever is written meanwhile, until nothing is left.</summary>
    private async Task SendRestAsync(byte[] buffer, int sent, int length)
    {
        try
        {
            do
            {
                while (sent < length)
                    sent += await _socket.SendAsync(buffer.AsMemory(sent, length - sent), SocketFlags.None).ConfigureAwait(false);

                ArrayPool<byte>.Shared.Return(buffer);
                sent = 0;
            }
            while (TryTakeMore(out buffer, out length));
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The reading side ends too, and with it the connection.
            lock (Lock)
            {
                _written = 0;
                EndSending();
            }
        }
    }

    private bool TryTakeMore(out byte[] buffer, out int length)
    {
        lock (Lock)
        {
            (buffer, length) = (_buffer, _written);
            (_buffer, _written) = ([], 0);
            _sendingBytes = length;
            if (length == 0)
            {
                _buffer = buffer;
                EndSending();
            }
            else
            {
                ReleaseWhereThereIsRoom();
            }

            return length > 0;
        }
    }

    private void EndSending()
    {
        _sendingBytes = 0;
        if (_isClosing)
            _connection.Transport.Input.CancelPendingRead();
        ReleaseWhereThereIsRoom();
    }

    private void ReleaseWhereThereIsRoom()
    {
        if (IsFull)
            return;

        _room?.TrySetResult();
        _room = null;
    }
}
