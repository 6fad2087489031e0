using System.Buffers;
using System.Buffers.Binary;
using OrleansKeeper.Grains.Sessions;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Tests.Unit.Sessions;

/// <summary>The sending side of a connection: what the client received is what was flushed.</summary>
internal sealed class RecordingOutput : ISessionOutput
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ArrayBufferWriter<byte> _written = new();
    private readonly List<ReceivedFrame> _received = [];
    private readonly SemaphoreSlim _flushed = new(0);
    private TaskCompletionSource? _room;
    private int _sent;

    public Lock Lock { get; } = new();

    public bool IsFull => _room is not null;

    public bool IsOverflowing => false;

    public bool IsClosed { get; private set; }

    /// <summary>What the client received so far.</summary>
    public IReadOnlyList<ReceivedFrame> Received
    {
        get
        {
            lock (Lock)
                return [.. _received];
        }
    }

    public void Advance(int count) => _written.Advance(count);

    public Memory<byte> GetMemory(int sizeHint = 0) => _written.GetMemory(sizeHint);

    public Span<byte> GetSpan(int sizeHint = 0) => _written.GetSpan(sizeHint);

    public void Flush()
    {
        while (_sent < _written.WrittenCount)
        {
            var rest = _written.WrittenMemory[_sent..];
            var length = BinaryPrimitives.ReadInt32BigEndian(rest.Span);
            _received.Add(new ReceivedFrame(rest.Slice(Frames.LengthPrefixBytes, length).ToArray()));
            _sent += Frames.LengthPrefixBytes + length;
        }

        _flushed.Release();
    }

    /// <summary>Returns when the client has received so many replies and events.</summary>
    public async Task<IReadOnlyList<ReceivedFrame>> WaitForAsync(int count)
    {
        while (Received.Count < count)
            Assert.True(await _flushed.WaitAsync(Patience), $"The client received {Received.Count} of {count} frames in time.");
        return Received;
    }

    /// <summary>The client takes no replies any more.</summary>
    public void Fill()
    {
        lock (Lock)
            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>The client takes its replies again.</summary>
    public void MakeRoom()
    {
        lock (Lock)
        {
            _room?.SetResult();
            _room = null;
        }
    }

    public Task WaitForRoomAsync()
    {
        lock (Lock)
            return _room?.Task ?? Task.CompletedTask;
    }

    public void Close() => IsClosed = true;

    public void Abort(string reason) => IsClosed = true;
}
