using System.Buffers;
using OrleansKeeper.Grains.Sessions;

namespace OrleansKeeper.Tests.Cluster.Engine;

/// <summary>The sending side of a connection whose client takes everything.</summary>
internal sealed class DiscardingOutput : ISessionOutput
{
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ArrayBufferWriter<byte> _written = new();

    public Task Closed => _closed.Task;

    public Lock Lock { get; } = new();

    public bool IsFull => false;

    public bool IsOverflowing => false;

    public void Advance(int count) => _written.Advance(count);

    public Memory<byte> GetMemory(int sizeHint = 0) => _written.GetMemory(sizeHint);

    public Span<byte> GetSpan(int sizeHint = 0) => _written.GetSpan(sizeHint);

    public void Flush()
    {
    }

    public Task WaitForRoomAsync() => Task.CompletedTask;

    public void Close() => _closed.TrySetResult();

    public void Abort(string reason) => _closed.TrySetResult();
}
