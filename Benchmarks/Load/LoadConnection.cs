using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Benchmarks.Load;

/// <summary>
/// One session that keeps its requests in flight. It waits without sending until the answer to a ping tells it to begin, so that
/// everything it does from then on happens on the sockets' thread. Nothing is allocated per request.
/// </summary>
internal sealed class LoadConnection : IDisposable
{
    private const int ErrorOffset = sizeof(int) + sizeof(int) + sizeof(long);
    private const int LeastFrame = ErrorOffset + sizeof(int);
    private const long NotMeasured = 0;

    private readonly Socket _socket;
    private readonly RequestSource _requests;
    private readonly LoadMeasurement _measurement;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SocketAsyncEventArgs _receiving = new();
    private readonly SocketAsyncEventArgs _sendingEvent = new();
    private readonly long[] _sentAt;

    private byte[] _received = new byte[64 * 1024];
    private int _receivedBytes;
    private byte[] _filling;
    private byte[] _sending;
    private int _fillingBytes;
    private int _inFlight;
    private uint _head;
    private uint _tail;
    private int _xid;
    private long _toDelete;
    private bool _isSending;
    private bool _isClosing;

    public LoadConnection(Socket socket, RequestSource requests, LoadMeasurement measurement, int depth)
    {
        _socket = socket;
        _requests = requests;
        _measurement = measurement;
        _sentAt = new long[depth];
        _filling = new byte[(depth + 1) * requests.MostBytes];
        _sending = new byte[_filling.Length];
        _receiving.Completed += (_, _) => ReceiveAll();
        _sendingEvent.Completed += (_, _) => ContinueSending();
    }

    /// <summary>Completes when the session is closed.</summary>
    public Task Ended => _ended.Task;

    public void Begin()
    {
        PrepareReceive();
        if (!_socket.ReceiveAsync(_receiving))
            throw new InvalidOperationException("The server spoke before it was asked.");

        Span<byte> ping = stackalloc byte[RequestWriter.MostOverhead];
        _socket.Send(ping[..RequestWriter.HeaderOnly(ping, WellKnownXids.Ping, OpCode.Ping)]);
    }

    public void Dispose()
    {
        _socket.Dispose();
        _receiving.Dispose();
        _sendingEvent.Dispose();
    }

    private void ReceiveAll()
    {
        try
        {
            do
            {
                if (_receiving.SocketError != SocketError.Success || _receiving.BytesTransferred == 0)
                {
                    End();
                    return;
                }

                _receivedBytes += _receiving.BytesTransferred;
                TakeReplies();
                Send();
                PrepareReceive();
            }
            while (!_socket.ReceiveAsync(_receiving));
        }
        catch (Exception exception)
        {
            _ended.TrySetException(exception);
        }
    }

    private void PrepareReceive()
    {
        if (_receivedBytes == _received.Length)
            Array.Resize(ref _received, 2 * _received.Length);
        _receiving.SetBuffer(_received, _receivedBytes, _received.Length - _receivedBytes);
    }

    private void TakeReplies()
    {
        var now = Stopwatch.GetTimestamp();
        _measurement.Observe(now);
        var rest = _received.AsSpan(0, _receivedBytes);
        while (rest.Length >= LeastFrame)
        {
            var length = Frames.LengthPrefixBytes + BinaryPrimitives.ReadInt32BigEndian(rest);
            if (rest.Length < length)
                break;
            Take(rest, now);
            rest = rest[length..];
        }

        rest.CopyTo(_received);
        _receivedBytes = rest.Length;
    }

    private void Take(ReadOnlySpan<byte> frame, long now)
    {
        var xid = BinaryPrimitives.ReadInt32BigEndian(frame[Frames.LengthPrefixBytes..]);
        if (xid == WellKnownXids.Ping)
        {
            while (_inFlight < _sentAt.Length)
                Issue();
            return;
        }

        if (_isClosing)
            return;

        var error = BinaryPrimitives.ReadInt32BigEndian(frame[ErrorOffset..]);
        if (error != 0)
            _measurement.RecordError(error);
        var sent = _sentAt[_head++ % _sentAt.Length];
        if (sent != NotMeasured)
            _measurement.Record(sent, now);
        _inFlight--;
        if (!_measurement.IsStopped)
            Issue();
        else if (_inFlight == 0)
            IssueClose();
    }

    private void Issue()
    {
        var destination = RoomFor(_requests.MostBytes);
        var isMeasured = _requests.Write(destination, ++_xid, ref _toDelete, out var written);
        _fillingBytes += written;
        _sentAt[_tail++ % _sentAt.Length] = isMeasured ? Stopwatch.GetTimestamp() : NotMeasured;
        _inFlight++;
    }

    private void IssueClose()
    {
        _isClosing = true;
        _fillingBytes += RequestWriter.HeaderOnly(RoomFor(RequestWriter.MostOverhead), ++_xid, OpCode.CloseSession);
    }

    private Span<byte> RoomFor(int bytes)
    {
        if (_filling.Length - _fillingBytes < bytes)
            Array.Resize(ref _filling, 2 * _filling.Length + bytes);
        return _filling.AsSpan(_fillingBytes);
    }

    private void Send()
    {
        while (!_isSending && _fillingBytes > 0)
        {
            (_filling, _sending) = (_sending, _filling);
            _sendingEvent.SetBuffer(_sending, 0, _fillingBytes);
            _fillingBytes = 0;
            _isSending = true;
            if (!_socket.SendAsync(_sendingEvent))
                FinishSend();
        }
    }

    private void ContinueSending()
    {
        FinishSend();
        if (!_ended.Task.IsCompleted)
            Send();
    }

    private void FinishSend()
    {
        _isSending = false;
        if (_sendingEvent.SocketError != SocketError.Success)
            End();
    }

    private void End()
    {
        if (_isClosing)
            _ended.TrySetResult();
        else
            _ended.TrySetException(new IOException("The server ended a connection."));
    }
}
