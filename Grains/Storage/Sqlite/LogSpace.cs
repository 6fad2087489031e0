namespace OrleansKeeper.Grains.Storage.Sqlite;

/// <summary>
/// The room that the log has in its file: finds out which slots are filled, adds the first ones, and gives back those of old batches, which
/// takes no more than to note how far the log was trimmed. Calls are serialized by the owner.
/// </summary>
internal sealed class LogSpace : IDisposable
{
    /// <summary>
    /// Adds the slots from ?1 to the end of the segment. Each is large enough to have a page to itself, so that writing to one leaves those of
    /// others alone.
    /// </summary>
    public static readonly string Grow =
        $"""
        INSERT INTO transaction_log (slot, first_zxid, last_zxid, batches)
        WITH RECURSIVE slots(slot) AS (SELECT ?1 UNION ALL SELECT slot + 1 FROM slots WHERE (slot + 1) % {LogSegment.Slots} <> 0)
        SELECT slot, 0, 0, zeroblob(8000) FROM slots
        """;

    private readonly SqliteDatabase _database;
    private readonly LogSegments _segments;
    private readonly SqliteStatement _grow;
    private readonly SqliteStatement _row;
    private readonly SqliteStatement _rowUpTo;
    private readonly SqliteStatement _trim;

    public LogSpace(string path, LogSegments segments)
    {
        _segments = segments;
        _database = SqliteDatabase.Open(path);
        try
        {
            _database.Execute("PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;");
            _grow = _database.Prepare(Grow);
            _row = _database.Prepare("SELECT first_zxid, last_zxid, batches FROM transaction_log WHERE slot = ?1");
            _rowUpTo = _database.Prepare(
                """
                SELECT first_zxid, trimmed_zxid, batches
                FROM transaction_log, ledger
                WHERE slot BETWEEN ?1 AND ?2 AND first_zxid <= ?3 AND last_zxid > trimmed_zxid AND ledger.id = 1
                ORDER BY slot DESC
                LIMIT 1
                """);
            _trim = _database.Prepare("UPDATE ledger SET trimmed_zxid = ?1, oldest_slot = ?2 WHERE id = 1");
            Load();
        }
        catch
        {
            _database.Dispose();
            throw;
        }
    }

    /// <summary>Finds out what the file holds.</summary>
    /// <exception cref="LogCorruptedException">Segments are missing, or what stands in a slot was never written there.</exception>
    public void Load()
    {
        var trimmed = _database.QueryInt64("SELECT trimmed_zxid FROM ledger WHERE id = 1") ?? 0;
        var oldest = _database.QueryInt64("SELECT oldest_slot FROM ledger WHERE id = 1");
        var slots = CompleteLastSegment();
        var filled = new List<LogSegment>();
        var free = new List<long>();
        for (var slot = 0L; slot < slots; slot += LogSegment.Slots)
        {
            var (firstZxid, lastZxid) = ReadZxids(slot);
            if (slot == oldest || lastZxid > trimmed)
                filled.Add(new LogSegment(slot, LogSegment.Slots, firstZxid, ReadZxids(slot + LogSegment.Slots - 1).LastZxid));
            else
                free.Add(slot);
        }

        filled.Sort((one, other) => one.FirstZxid.CompareTo(other.FirstZxid));
        if (filled.Count > 0)
            filled[^1] = CutBehindTail(filled[^1], trimmed);
        DemandComplete(filled);
        foreach (var slot in free)
            DemandSound(slot);
        if (free.Count == 0 && (filled.Count == 0 || filled[^1].IsFull))
            free.Add(GrowFrom(slots));
        _segments.Begin(filled, free);
    }

    /// <summary>Gives back all batches that end at or before the zxid, but for the last one. False when there are none.</summary>
    public bool Trim(long zxid)
    {
        if (LastUpTo(Math.Min(zxid, _segments.LastZxid - 1)) is not { } trimmed || _segments.Locate(trimmed) is not { } oldest)
            return false;

        _trim.Bind(1, trimmed).Bind(2, oldest.Segment.FirstSlot).Execute();
        _segments.Trimmed(trimmed);
        return true;
    }

    /// <summary>The last zxid of the last batch that ends at or before a zxid; null when there is none that was not trimmed.</summary>
    public long? LastUpTo(long zxid)
    {
        foreach (var segment in _segments.BeginningUpTo(zxid))
        {
            while (PageUpTo(segment, zxid, out var last, out var firstZxid))
            {
                if (last is not null)
                    return last;

                // It is in the middle of the page's first batch.
                zxid = firstZxid - 1;
            }
        }

        return null;
    }

    public void Dispose() => _database.Dispose();

    private bool PageUpTo(in LogSegment segment, long zxid, out long? last, out long firstZxid)
    {
        (last, firstZxid) = (null, 0);
        _rowUpTo.Bind(1, segment.FirstSlot).Bind(2, segment.LastUsedSlot).Bind(3, zxid);
        if (!_rowUpTo.Step())
            return false;

        firstZxid = _rowUpTo.Int64(0);
        var trimmed = _rowUpTo.Int64(1);
        last = LogPage.LastUpTo(_rowUpTo.Blob(2), zxid) is { } end && end > trimmed ? end : null;
        _rowUpTo.Reset();
        return true;
    }

    private (long FirstZxid, long LastZxid) ReadZxids(long slot)
    {
        var zxids = _row.Bind(1, slot).Step() ? (_row.Int64(0), _row.Int64(1)) : default;
        _row.Reset();
        return zxids;
    }

    /// <summary>A file of the version before may end in the middle of a segment. Returns the number of slots.</summary>
    private long CompleteLastSegment()
    {
        var slots = _database.QueryInt64("SELECT max(slot) + 1 FROM transaction_log") ?? 0;
        return slots % LogSegment.Slots == 0 ? slots : GrowFrom(slots) + LogSegment.Slots;
    }

    /// <summary>Adds slots up to the end of the segment. Returns the segment's first one.</summary>
    private long GrowFrom(long slot)
    {
        _grow.Bind(1, slot).Execute();
        return slot - (slot % LogSegment.Slots);
    }

    private LogSegment CutBehindTail(in LogSegment segment, long trimmed)
    {
        var used = LogSegment.Slots;
        var lastZxid = segment.LastZxid;
        while (lastZxid <= trimmed)
        {
            if (--used == 0)
                throw new LogCorruptedException($"{_database.Path} is damaged: slot {segment.FirstSlot} and those behind it hold no batch, but should.");
            lastZxid = ReadZxids(segment.FirstSlot + used - 1).LastZxid;
        }

        DemandSound(segment.FirstSlot + used - 1);
        if (used < LogSegment.Slots)
            DemandSound(segment.FirstSlot + used);
        return segment with { Used = used, LastZxid = lastZxid };
    }

    private void DemandComplete(List<LogSegment> filled)
    {
        for (var i = 1; i < filled.Count; i++)
        {
            if (!ZxidOrder.Follows(filled[i].FirstZxid, filled[i - 1].LastZxid))
                throw LogCorruptedException.MissingBetween(filled[i - 1].LastZxid, filled[i].FirstZxid, _database.Path);
        }
    }

    /// <summary>
    /// What stands in a slot is whole, or nothing. Also in a free one: a batch of which the zxids were damaged would look like one that was
    /// trimmed.
    /// </summary>
    private void DemandSound(long slot)
    {
        var isSound = _row.Bind(1, slot).Step() && IsSound(_row.Int64(0), _row.Int64(1), _row.Blob(2));
        _row.Reset();
        if (!isSound)
            throw new LogCorruptedException($"{_database.Path} is damaged: what stands in slot {slot} was never written there.");
    }

    private static bool IsSound(long firstZxid, long lastZxid, ReadOnlySpan<byte> page)
    {
        if ((firstZxid, lastZxid) == (0, 0))
            return page.IndexOfAnyExcept((byte)0) < 0;

        var (begins, ends) = (0L, 0L);
        while (LogPage.TryTake(ref page, out var batch))
        {
            if (batch.Checksum != LogChecksum.Of(batch.FirstZxid, batch.LastZxid, batch.Payload))
                return false;
            if (begins == 0)
                begins = batch.FirstZxid;
            ends = batch.LastZxid;
        }

        return page.IsEmpty && (begins, ends) == (firstZxid, lastZxid);
    }
}
