using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace OrleansKeeper.Silo.FrontEnd;

/// <summary>
/// The memory of the connections' pipes, in blocks of 64 KiB instead of Kestrel's 4 KiB: a pipelining client's receive then is
/// one buffer and one system call instead of dozens of pieces. A block is lent only while there is data in it, so an idle connection
/// holds none.
/// </summary>
internal sealed class LargeBlockMemoryPool : MemoryPool<byte>
{
    private const int BlockBytes = 64 * 1024;
    private const int MostIdleBlocks = 256;

    private readonly ConcurrentQueue<Block> _idle = new();

    public override int MaxBufferSize => BlockBytes;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockBytes);
        return _idle.TryDequeue(out var block) ? block : new Block(this);
    }

    protected override void Dispose(bool disposing) => _idle.Clear();

    /// <summary>Makes the pool for Kestrel's sockets.</summary>
    internal sealed class Factory : IMemoryPoolFactory<byte>
    {
        public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new LargeBlockMemoryPool();
    }

    /// <summary>Pinned for good, since the operating system reads and writes it.</summary>
    private sealed class Block(LargeBlockMemoryPool pool) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory { get; } = GC.AllocateUninitializedArray<byte>(BlockBytes, pinned: true);

        public void Dispose()
        {
            if (pool._idle.Count < MostIdleBlocks)
                pool._idle.Enqueue(this);
        }
    }
}
