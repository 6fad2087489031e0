using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using OrleansKeeper.Benchmarks.Load;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Jute;
using OrleansKeeper.Protocol.Messages;

namespace OrleansKeeper.Benchmarks.Failover;

/// <summary>
/// A client of one silo that writes, waits for the answer and writes again, on a thread of its own. It neither reconnects nor tries
/// elsewhere: when its connection ends, it has lost it.
/// </summary>
internal sealed class WritingClient : IDisposable
{
    private static readonly byte[] Data = new byte[100];

    private readonly Socket _socket;
    private readonly NetworkStream _stream;
    private readonly byte[] _path;
    private readonly Thread _thread;
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource<TimeSpan>? _answered;
    private long _from;
    private volatile bool _isClosing;

    private WritingClient(Socket socket, byte[] path)
    {
        _socket = socket;
        _stream = new NetworkStream(socket);
        _path = path;
        _thread = new Thread(Write) { IsBackground = true, Name = "writing client" };
    }

    /// <summary>Whether its connection has ended.</summary>
    public bool IsLost => _lost.Task.IsCompleted;

    public static WritingClient Start(IPEndPoint silo, string root)
    {
        var options = new LoadOptions([silo], 1, 1, 0, 1, Data.Length, root);
        SetUpConnection.CreateZNodes(options);
        var client = new WritingClient(SetUpConnection.OpenSession(silo), System.Text.Encoding.UTF8.GetBytes(options.Key(0)));
        client._thread.Start();
        return client;
    }

    /// <summary>The time from a moment to the first success of a write that was sent behind it.</summary>
    public async Task<TimeSpan> NextAcknowledgedAsync(long from, TimeSpan limit)
    {
        Task<TimeSpan> answered;
        lock (_lock)
        {
            _from = from;
            _answered = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
            answered = _answered.Task;
        }

        await Task.WhenAny(answered, _lost.Task).WaitAsync(limit);
        return answered.IsCompleted ? await answered : throw new IOException("The client lost its connection.");
    }

    public void Dispose()
    {
        _isClosing = true;
        _socket.Dispose();
        _thread.Join();
        _stream.Dispose();
    }

    private void Write()
    {
        var frame = new byte[RequestWriter.MostOverhead + _path.Length + Data.Length];
        try
        {
            for (var xid = 1; ; xid++)
            {
                var sent = Stopwatch.GetTimestamp();
                _stream.Write(frame.AsSpan(0, RequestWriter.SetData(frame, xid, _path, Data)));
                if (ReadReply().Error == ErrorCode.Ok)
                    Tell(sent);
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            if (!_isClosing)
                _lost.TrySetResult();
        }
    }

    private ReplyHeader ReadReply()
    {
        Span<byte> prefix = stackalloc byte[Frames.LengthPrefixBytes];
        _stream.ReadExactly(prefix);
        var reply = new byte[new JuteReader(prefix).ReadInt()];
        _stream.ReadExactly(reply);
        var reader = new JuteReader(reply);
        return ReplyHeader.Read(ref reader);
    }

    private void Tell(long sent)
    {
        lock (_lock)
        {
            if (_answered is null || sent < _from)
                return;

            _answered.TrySetResult(Stopwatch.GetElapsedTime(_from));
            _answered = null;
        }
    }
}
