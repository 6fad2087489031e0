using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using OrleansKeeper.Grains.Sessions;

namespace OrleansKeeper.Silo.FrontEnd;

/// <summary>
/// A TCP connection's sending side. Frames are written straight into the transport's pipe; while the client takes them slowly they add up
/// there, unflushed, and the bound on that is what holds back the reading side.
/// </summary>
internal sealed class ConnectionOutput(ConnectionContext connection, int maxQueuedBytes) : ISessionOutput
{
    private readonly PipeWriter _writer = connection.Transport.Output;
    private bool _isFlushing;
    private bool _isClosing;
    private TaskCompletionSource? _room;

    public Lock Lock { get; } = new();

    public bool IsFull => _isFlushing && _writer.UnflushedBytes > maxQueuedBytes;

    public bool IsOverflowing => _isFlushing && _writer.UnflushedBytes > 2L * maxQueuedBytes;

    /// <summary>Whether so much was written since the last flush that it is time for one.</summary>
    public bool WantsFlush => _writer.UnflushedBytes > maxQueuedBytes;

    public void Advance(int count) => _writer.Advance(count);

    public Memory<byte> GetMemory(int sizeHint = 0) => _writer.GetMemory(sizeHint);

    public Span<byte> GetSpan(int sizeHint = 0) => _writer.GetSpan(sizeHint);

    public void Flush()
    {
        if (_isFlushing || _writer.UnflushedBytes == 0)
            return;

        var flush = _writer.FlushAsync();
        if (flush.IsCompletedSuccessfully)
        {
            _ = flush.Result;
            return;
        }

        _isFlushing = true;
        _ = ContinueAfterAsync(flush);
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
        if (!_isFlushing)
            connection.Transport.Input.CancelPendingRead();
    }

    public void Abort(string reason) => connection.Abort(new ConnectionAbortedException($"The client was disconnected: {reason}."));

    private async Task ContinueAfterAsync(ValueTask<FlushResult> flush)
    {
        var isGone = false;
        try
        {
            isGone = (await flush.ConfigureAwait(false)).IsCompleted;
        }
        catch (Exception exception) when (exception is IOException or ConnectionAbortedException or OperationCanceledException)
        {
            // The reading side ends too, and with it the connection.
            isGone = true;
        }

        lock (Lock)
        {
            _isFlushing = false;
            if (!isGone)
                Flush();
            if (_isClosing && !_isFlushing)
                connection.Transport.Input.CancelPendingRead();
            if (isGone || !IsFull)
            {
                _room?.TrySetResult();
                _room = null;
            }
        }
    }
}
