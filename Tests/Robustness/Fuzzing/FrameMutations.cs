using System.Buffers.Binary;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Tests.Robustness.Fuzzing;

/// <summary>Ways to spoil a frame, chosen by a seeded random number.</summary>
internal sealed class FrameMutations(Random random)
{
    private static readonly int[] SuspiciousNumbers =
        [int.MinValue, int.MaxValue, -1, -2, 0, 1, 0xFFFFF, 0x100000, 0x10000, 0x7FFFFFF0, unchecked((int)0xFFFF0000)];

    public byte[] Mutate(byte[] frame) => random.Next(8) switch
    {
        0 => frame,
        1 => FlipBits(frame),
        2 => SetNumber(frame, at: 0),
        3 => SetNumber(frame, at: random.Next(frame.Length - sizeof(int) + 1)),
        4 => frame[..random.Next(frame.Length)],
        5 => WithLength(Truncated(frame)),
        6 => WithLength(Inserted(frame)),
        _ => WithLength(Repeated(frame)),
    };

    public byte[] Garbage()
    {
        var bytes = new byte[random.Next(1, 300)];
        random.NextBytes(bytes);
        return bytes;
    }

    public byte[] FourLetterWord()
    {
        var word = new byte[WireLimits.FourLetterWordLength];
        for (var i = 0; i < word.Length; i++)
            word[i] = (byte)random.Next('a', 'z' + 1);
        return word;
    }

    private byte[] FlipBits(byte[] frame)
    {
        var mutated = frame.ToArray();
        for (var flips = random.Next(1, 8); flips > 0; flips--)
            mutated[random.Next(mutated.Length)] ^= (byte)(1 << random.Next(8));
        return mutated;
    }

    private byte[] SetNumber(byte[] frame, int at)
    {
        var mutated = frame.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(mutated.AsSpan(at), SuspiciousNumbers[random.Next(SuspiciousNumbers.Length)]);
        return mutated;
    }

    private byte[] Truncated(byte[] frame) => frame[..random.Next(Frames.LengthPrefixBytes, frame.Length + 1)];

    private byte[] Inserted(byte[] frame)
    {
        var at = random.Next(Frames.LengthPrefixBytes, frame.Length + 1);
        return [.. frame[..at], .. Garbage(), .. frame[at..]];
    }

    private byte[] Repeated(byte[] frame)
    {
        var body = frame[Frames.LengthPrefixBytes..];
        return [.. frame, .. Enumerable.Repeat(body, random.Next(1, 20)).SelectMany(bytes => bytes)];
    }

    private static byte[] WithLength(byte[] frame)
    {
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - Frames.LengthPrefixBytes);
        return frame;
    }
}
