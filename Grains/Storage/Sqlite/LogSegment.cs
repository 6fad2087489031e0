namespace OrleansKeeper.Grains.Storage.Sqlite;

/// <summary>Neighbouring slots of the log, which are filled one after the other and given back together.</summary>
/// <param name="FirstSlot">Its first slot.</param>
/// <param name="Used">How many of its slots are filled.</param>
/// <param name="FirstZxid">The first zxid in it.</param>
/// <param name="LastZxid">The last zxid in it so far.</param>
internal readonly record struct LogSegment(long FirstSlot, int Used, long FirstZxid, long LastZxid)
{
    /// <summary>Slots in a segment. That many are added at once, by an append that takes longer for it.</summary>
    public const int Slots = 16;

    public bool IsFull => Used == Slots;

    public long LastUsedSlot => FirstSlot + Used - 1;
}
