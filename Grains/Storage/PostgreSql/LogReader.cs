namespace OrleansKeeper.Grains.Storage.PostgreSql;

/// <summary>
/// Reads the log's rows in order, in pieces of bounded size, and checks each row against its checksum and its predecessor.
/// It holds no connection and no snapshot between two pieces, so each piece comes with how far the log was trimmed at that moment: where
/// a whole epoch was trimmed away, the zxids alone would not show it.
/// </summary>
internal sealed class LogReader(PostgreSqlDatabase database, long zxid)
{
    private const int PieceBytes = 4 << 20;
    private const int PieceRows = 4096;

    private static readonly string Piece =
        $"""
        SELECT first_zxid, last_zxid, checksum, payload, (SELECT trimmed_zxid FROM log_trim WHERE id = 1)
        FROM
        (
          SELECT *, sum(octet_length(payload)) OVER (ORDER BY last_zxid) - octet_length(payload) AS bytes_before
          FROM (SELECT * FROM transaction_log WHERE last_zxid > $1 ORDER BY last_zxid LIMIT {PieceRows}) AS next
        ) AS sized
        WHERE bytes_before < {PieceBytes}
        ORDER BY last_zxid
        """;

    private readonly string _log = $"The transaction log in {database.Name}";
    private long? _previousZxid;

    /// <summary>The next batches; none at the end of the log.</summary>
    public async Task<List<LogBatch>> ReadPieceAsync(CancellationToken cancellationToken)
    {
        var previousZxid = _previousZxid ??= await FindPreviousAsync(cancellationToken).ConfigureAwait(false);
        var readZxid = Math.Max(previousZxid, zxid);
        var trimmedZxid = 0L;
        var rows = await database.ReadAsync(
            Piece,
            [readZxid],
            row =>
            {
                trimmedZxid = row.GetInt64(4);
                return (Batch: new LogBatch(row.GetInt64(0), row.GetInt64(1), row.GetFieldValue<byte[]>(3)), Checksum: row.GetInt64(2));
            },
            cancellationToken).ConfigureAwait(false);
        if (trimmedZxid > readZxid)
            throw new LogTrimmedException(_log, trimmedZxid, readZxid);

        previousZxid = Math.Max(previousZxid, trimmedZxid);
        foreach (var (batch, checksum) in rows)
        {
            LogChecksum.Verify(_log, batch, checksum, previousZxid);
            _previousZxid = previousZxid = batch.LastZxid;
        }

        if (rows.Count == 0)
            await DemandEndAsync(readZxid, cancellationToken).ConfigureAwait(false);
        return rows.ConvertAll(row => row.Batch);
    }

    /// <summary>The end of the batch before the one that has the first transaction to be read.</summary>
    private async Task<long> FindPreviousAsync(CancellationToken cancellationToken)
    {
        var previousZxid = await FindZxidAsync(
            """
            SELECT coalesce(
              (SELECT last_zxid FROM transaction_log WHERE last_zxid <= $1 ORDER BY last_zxid DESC LIMIT 1),
              (SELECT trimmed_zxid FROM log_trim WHERE id = 1))
            """,
            zxid,
            cancellationToken).ConfigureAwait(false) ?? 0;
        return previousZxid <= zxid ? previousZxid : throw new LogTrimmedException(_log, previousZxid, zxid);
    }

    /// <summary>Where no rows come any more the ledger has to say so too.</summary>
    private async Task DemandEndAsync(long readZxid, CancellationToken cancellationToken)
    {
        const string Missing =
            """
            SELECT last_zxid
            FROM ledger
            WHERE id = 1 AND last_zxid > $1 AND NOT EXISTS (SELECT 1 FROM transaction_log WHERE last_zxid > $1)
            """;
        if (await FindZxidAsync(Missing, readZxid, cancellationToken).ConfigureAwait(false) is { } lastZxid)
        {
            throw new LogCorruptedException(
                $"{_log} is damaged: it ends with zxid 0x{readZxid:x}, but zxid 0x{lastZxid:x} was the last one that was appended.");
        }
    }

    private async Task<long?> FindZxidAsync(string sql, long parameter, CancellationToken cancellationToken)
    {
        var found = await database.ReadAsync(sql, [parameter], reader => reader.GetInt64(0), cancellationToken).ConfigureAwait(false);
        return found is [var only] ? only : null;
    }
}
