namespace OrleansKeeper.Grains.Replication;

/// <summary>
/// What is left of a large child list that does not fit into memory: it tells of nearly every name that no child has it, in two bytes for each
/// that one has (a Bloom filter, of segments that double). A create then need not ask the store whether its name is taken. Names are never taken
/// out; where very many have come and gone it gives up, and the store is asked again. One writer, many readers without locks.
/// </summary>
internal sealed class ChildNameFilter
{
    private const int BitsPerName = 16;
    private const int BitsPerWord = 64;
    private const int NamesPerWord = BitsPerWord / BitsPerName;
    private const long MostBytes = 32 * 1024 * 1024;

    private ulong[][] _segments;
    private int _room;

    /// <summary>Begins empty, with room for so many names before it has to grow.</summary>
    public ChildNameFilter(int names) => _segments = [NewSegment(names)];

    /// <summary>Bytes that it takes.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether a child may have a name with this hash; false is certain.</summary>
    public bool MayContain(int hash)
    {
        var segments = Volatile.Read(ref _segments);
        var mixed = Mix(hash);
        var bits = BitsOf(mixed);
        foreach (var segment in segments)
        {
            if ((Volatile.Read(ref segment[WordOf(mixed, segment)]) & bits) == bits)
                return true;
        }

        // Without segments it has given up.
        return segments.Length == 0;
    }

    public void Add(int hash)
    {
        // One that comes again and again takes no room.
        if (MayContain(hash) || (_room == 0 && !TryGrow()))
            return;

        _room--;
        var mixed = Mix(hash);
        var segment = _segments[^1];
        ref var word = ref segment[WordOf(mixed, segment)];
        Volatile.Write(ref word, word | BitsOf(mixed));
    }

    private bool TryGrow()
    {
        if (Bytes >= MostBytes)
        {
            Bytes = 0;
            Volatile.Write(ref _segments, []);
            return false;
        }

        Volatile.Write(ref _segments, [.. _segments, NewSegment(2 * NamesPerWord * _segments[^1].Length)]);
        return true;
    }

    private ulong[] NewSegment(int names)
    {
        var words = Math.Max(1, names / NamesPerWord);
        _room = words * NamesPerWord;
        Bytes += (long)words * sizeof(ulong);
        return new ulong[words];
    }

    /// <summary>The names' hashes have 32 bits, which are spread over 64.</summary>
    private static ulong Mix(int hash)
    {
        var mixed = (uint)hash * 0x9E3779B97F4A7C15UL;
        mixed ^= mixed >> 32;
        return mixed * 0xD6E8FEB86659FD93UL;
    }

    private static uint WordOf(ulong mixed, ulong[] segment) => (uint)(((mixed >> 32) * (uint)segment.Length) >> 32);

    /// <summary>Four bits of the one word that a name's are all in.</summary>
    private static ulong BitsOf(ulong mixed) =>
        (1UL << (int)(mixed & 63)) | (1UL << (int)((mixed >> 6) & 63)) | (1UL << (int)((mixed >> 12) & 63)) | (1UL << (int)((mixed >> 18) & 63));
}
