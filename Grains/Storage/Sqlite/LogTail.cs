namespace OrleansKeeper.Grains.Storage.Sqlite;

/// <summary>
/// The row with the log's last batches, kept in memory so that the next batch can be written together with them. A batch that was prepared and
/// then not written leaves it as it was.
/// </summary>
internal sealed class LogTail
{
    private byte[] _page = new byte[LogPage.Bytes];
    private byte[] _next = new byte[LogPage.Bytes];
    private int _length;

    /// <summary>Whether a batch finds room in the row.</summary>
    public bool HasRoomFor(in LogBatch batch) => _length > 0 && _length + LogPage.BytesOf(batch) <= LogPage.Bytes;

    /// <summary>Begins with what the row holds; nothing when there is none.</summary>
    public void Begin(ReadOnlySpan<byte> page)
    {
        _length = Math.Min(page.Length, LogPage.Bytes);
        page[.._length].CopyTo(_page);
    }

    /// <summary>The row with another batch behind the others.</summary>
    public ReadOnlySpan<byte> With(in LogBatch batch, long checksum)
    {
        var length = LogPage.BytesOf(batch);
        LogPage.Write(_page.AsSpan(_length, length), batch, checksum);
        return _page.AsSpan(0, _length + length);
    }

    /// <summary>The batch is in the row.</summary>
    public void Extended(in LogBatch batch) => _length += LogPage.BytesOf(batch);

    /// <summary>The next row, with a batch alone.</summary>
    public ReadOnlySpan<byte> Next(in LogBatch batch, long checksum)
    {
        var length = LogPage.BytesOf(batch);
        if (length > _next.Length)
            _next = new byte[length];
        LogPage.Write(_next.AsSpan(0, length), batch, checksum);
        return _next.AsSpan(0, length);
    }

    /// <summary>The next row is the last one now.</summary>
    public void Filled(in LogBatch batch)
    {
        (_page, _next) = (_next, _page);
        _length = LogPage.BytesOf(batch);
    }
}
