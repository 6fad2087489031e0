using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace OrleansKeeper.Grains.Storage.Sqlite;

/// <summary>
/// Looks at a write-ahead log before SQLite opens it. SQLite reads it up to the first frame whose checksum does not match and ignores
/// the rest without a word, which is right for what a crash in the middle of a commit leaves, and hides that the file was damaged.
/// A frame that was written since the log last started from its beginning carries the salts of the log's header, older ones do not.
/// </summary>
/// <param name="IgnoredFrames">Frames with the current salts that SQLite will ignore.</param>
/// <param name="IgnoredBytes">Their size in bytes.</param>
/// <param name="IgnoredCommits">How many of them end a commit: a crash leaves at most one.</param>
/// <param name="Offset">Where in the file the ignored part begins.</param>
internal readonly record struct WalInspection(int IgnoredFrames, long IgnoredBytes, int IgnoredCommits, long Offset)
{
    private const int HeaderBytes = 32;
    private const int FrameHeaderBytes = 24;
    private const uint Magic = 0x377F0682;

    public static WalInspection Of(string walPath)
    {
        if (!File.Exists(walPath))
            return default;

        using var stream = new FileStream(walPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1 << 20);
        Span<byte> header = stackalloc byte[HeaderBytes];
        if (stream.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes || header.IndexOfAnyExcept((byte)0) < 0)
            return default;

        var pageBytes = BinaryPrimitives.ReadUInt32BigEndian(header[8..]);
        if (pageBytes is < 512 or > 65536 || (pageBytes & (pageBytes - 1)) != 0)
            return new WalInspection(0, stream.Length, 0, 0);

        // The lowest bit of the magic number says in which byte order the checksums read the pages.
        var magic = BinaryPrimitives.ReadUInt32BigEndian(header);
        var sum = new Checksum(isBigEndian: (magic & 1) != 0);
        sum.Add(header[..24]);
        var isValid = (magic & ~1u) == Magic && sum.Matches(header[24..]);
        return InspectFrames(stream, header[16..24], new byte[FrameHeaderBytes + pageBytes], sum, isValid);
    }

    private static WalInspection InspectFrames(FileStream stream, Span<byte> salts, byte[] frame, Checksum sum, bool isValid)
    {
        // A damaged header may have lost the salts; those of the first frame are the current ones too.
        var areSaltsKnown = isValid;
        long committedEnd = isValid ? HeaderBytes : 0;
        var frames = 0;
        var commits = 0;
        for (long end = HeaderBytes + frame.Length; ; end += frame.Length)
        {
            // The last frame may be cut off anywhere; what is left of its header tells whether it belongs to this log.
            var length = stream.ReadAtLeast(frame, frame.Length, throwOnEndOfStream: false);
            if (length < FrameHeaderBytes)
                break;

            if (!areSaltsKnown)
            {
                frame.AsSpan(8, salts.Length).CopyTo(salts);
                areSaltsKnown = true;
            }

            var isCurrent = frame.AsSpan(8, salts.Length).SequenceEqual(salts);
            var isCommit = BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(4)) != 0;
            if (isValid)
            {
                sum.Add(frame.AsSpan(0, 8));
                sum.Add(frame.AsSpan(FrameHeaderBytes));
                isValid = isCurrent && length == frame.Length && sum.Matches(frame.AsSpan(16));
            }

            if (isValid && isCommit)
            {
                committedEnd = end;
                frames = commits = 0;
            }
            else if (isCurrent)
            {
                frames++;
                commits += isCommit ? 1 : 0;
            }
        }

        return frames == 0 ? default : new WalInspection(frames, (long)frames * frame.Length, commits, committedEnd);
    }

    /// <summary>The checksum of the write-ahead log's format, which runs on from frame to frame.</summary>
    private struct Checksum(bool isBigEndian)
    {
        private uint _first;
        private uint _second;

        public void Add(ReadOnlySpan<byte> bytes)
        {
            var words = MemoryMarshal.Cast<byte, uint>(bytes);
            var isReversed = isBigEndian == BitConverter.IsLittleEndian;
            for (var i = 0; i + 1 < words.Length; i += 2)
            {
                _first += (isReversed ? BinaryPrimitives.ReverseEndianness(words[i]) : words[i]) + _second;
                _second += (isReversed ? BinaryPrimitives.ReverseEndianness(words[i + 1]) : words[i + 1]) + _first;
            }
        }

        public readonly bool Matches(ReadOnlySpan<byte> stored) =>
            BinaryPrimitives.ReadUInt32BigEndian(stored) == _first && BinaryPrimitives.ReadUInt32BigEndian(stored[4..]) == _second;
    }
}
