using System.Buffers;
using System.Buffers.Binary;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Silo.FrontEnd;

/// <summary>Reads the length in front of a frame.</summary>
internal static class FrameLength
{
    /// <summary>The length; false while not all of it has arrived.</summary>
    public static bool TryRead(in ReadOnlySequence<byte> buffer, out int length)
    {
        length = 0;
        if (buffer.Length < Frames.LengthPrefixBytes)
            return false;

        Span<byte> prefix = stackalloc byte[Frames.LengthPrefixBytes];
        buffer.Slice(0, Frames.LengthPrefixBytes).CopyTo(prefix);
        length = BinaryPrimitives.ReadInt32BigEndian(prefix);
        return true;
    }
}
