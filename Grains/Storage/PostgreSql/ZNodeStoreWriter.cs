using Npgsql;

namespace OrleansKeeper.Grains.Storage.PostgreSql;

/// <summary>
/// Writes the tables, in statements of bounded size that commit by themselves. Calls are serialized by the owner.
/// <para>
/// Whoever writes has put its epoch and a number of its own into the checkpoint's row before, and every statement locks that row and looks
/// for both. So once a later epoch has begun to write, or the same one has begun anew after a failure, nothing of an earlier attempt
/// takes effect any more, even a statement that is still on its way to PostgreSQL: rows are never overwritten by older ones. The statement
/// that changes the row waits for those that have locked it, so what follows it sees all that they wrote.
/// </para>
/// </summary>
internal sealed class ZNodeStoreWriter(PostgreSqlDatabase database)
{
    private const int MostSessions = 4096;

    /// <summary>
    /// PostgreSQL copies a statement's parameters several times: with all copies of this size it stays within what its process keeps
    /// (<see cref="BackendMemory"/>).
    /// </summary>
    private const long MostBytes = 96 * 1024;

    /// <summary>What a row takes in the parameters beside its texts and data, about.</summary>
    private const int FixedBytes = 128;

    private int _epoch;

    /// <summary>The number under which this writes; null when it has to take another, since a statement failed.</summary>
    private long? _writer;

    /// <summary>The target of the checkpoint whose rows are being written; null when some of them may be missing.</summary>
    private long? _target;

    public async Task BeginCheckpointAsync(int epoch, long target, CancellationToken cancellationToken)
    {
        await BecomeWriterAsync(epoch, ZNodeStatements.BeginCheckpoint, [target], cancellationToken).ConfigureAwait(false);
        _target = target;
    }

    public async Task WriteZNodesAsync(int epoch, IReadOnlyList<ZNodeRow> rows, CancellationToken cancellationToken)
    {
        var sorted = Sorted(rows);
        for (var start = 0; start < sorted.Length;)
        {
            var end = FindEnd(sorted, start);
            await WriteAsync(epoch, sorted.AsMemory(start..end), cancellationToken).ConfigureAwait(false);
            start = end;
        }
    }

    public async Task WriteSessionsAsync(int epoch, IReadOnlyList<SessionRow> rows, CancellationToken cancellationToken)
    {
        // Should a session occur twice, the later row is meant.
        foreach (var some in rows.Reverse().DistinctBy(row => row.SessionId).Chunk(MostSessions))
        {
            var open = some.Where(row => row.PasswordHash is not null).ToArray();
            await ChangeAsync(
                epoch,
                ZNodeStatements.WriteSessions,
                [
                    new NpgsqlParameter<long[]> { TypedValue = Array.ConvertAll(open, row => row.SessionId) },
                    new NpgsqlParameter<byte[][]> { TypedValue = Array.ConvertAll(open, row => row.PasswordHash!) },
                    new NpgsqlParameter<int[]> { TypedValue = Array.ConvertAll(open, row => row.TimeoutMilliseconds) },
                    new NpgsqlParameter<string?[]> { TypedValue = Array.ConvertAll(open, row => row.Owner) },
                ],
                cancellationToken).ConfigureAwait(false);
            long[] closed = [.. some.Where(row => row.PasswordHash is null).Select(row => row.SessionId)];
            await ChangeAsync(
                epoch,
                ZNodeStatements.DeleteSessions,
                [new NpgsqlParameter<long[]> { TypedValue = closed }],
                cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task CompleteCheckpointAsync(int epoch, long target, long znodeCount, CancellationToken cancellationToken)
    {
        // What a later epoch has begun is not touched.
        if (epoch < _epoch)
            throw new EpochFencedException(epoch);
        if (epoch != _epoch || _target != target || _writer is null)
            throw new InvalidOperationException($"No checkpoint up to zxid 0x{target:x} has begun.");

        _target = null;
        await ChangeAsync(
            epoch,
            ZNodeStatements.CompleteCheckpoint,
            [new NpgsqlParameter<long> { TypedValue = target }, new NpgsqlParameter<long> { TypedValue = znodeCount }],
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Checkpoints have them in order already.</summary>
    private static ZNodeRow[] Sorted(IReadOnlyList<ZNodeRow> rows)
    {
        var sorted = rows.ToArray();
        for (var i = 1; i < sorted.Length; i++)
        {
            if (ZNodeRow.CompareKeys(sorted[i - 1], sorted[i]) > 0)
                return [.. sorted.Order(Comparer<ZNodeRow>.Create(ZNodeRow.CompareKeys))];
        }

        return sorted;
    }

    /// <summary>
    /// The end of the rows that go together: not too many bytes, and no path twice, since a statement can write a row only once.
    /// </summary>
    private static int FindEnd(ZNodeRow[] sorted, int start)
    {
        var bytes = 0L;
        var end = start;
        while (end < sorted.Length && bytes < MostBytes)
        {
            if (end > start && ZNodeRow.CompareKeys(sorted[end - 1], sorted[end]) == 0)
                break;

            var row = sorted[end++];
            bytes += FixedBytes + row.Parent.Length + row.Name.Length + (row.Node?.DataLength ?? 0);
        }

        return end;
    }

    private async Task WriteAsync(int epoch, ReadOnlyMemory<ZNodeRow> rows, CancellationToken cancellationToken)
    {
        var (added, whole, withoutData, deleted) = (new List<ZNodeRow>(), new List<ZNodeRow>(), new List<ZNodeRow>(), new List<ZNodeRow>());
        foreach (var row in rows.Span)
        {
            var alike = row switch
            {
                { Node: null } => deleted,
                { Node.IsDataResident: false } => withoutData,
                { IsNew: true } => added,
                _ => whole,
            };
            alike.Add(row);
        }

        if (added.Count > 0)
            await ChangeAsync(epoch, ZNodeStatements.WriteNewRows, ZNodeColumns.Of(added), cancellationToken).ConfigureAwait(false);
        if (whole.Count > 0)
            await ChangeAsync(epoch, ZNodeStatements.WriteRows, ZNodeColumns.Of(whole), cancellationToken).ConfigureAwait(false);
        if (deleted.Count > 0)
            await ChangeAsync(epoch, ZNodeStatements.DeleteRows, ZNodeColumns.KeysOf(deleted), cancellationToken).ConfigureAwait(false);
        if (withoutData.Count > 0)
            await WriteWithoutDataAsync(epoch, withoutData, cancellationToken).ConfigureAwait(false);
    }

    private async Task WriteWithoutDataAsync(int epoch, List<ZNodeRow> rows, CancellationToken cancellationToken)
    {
        var found = await ChangeAsync(epoch, ZNodeStatements.WriteRowsWithoutData, ZNodeColumns.Of(rows), cancellationToken)
            .ConfigureAwait(false);
        if (found != rows.Count)
        {
            throw new InvalidOperationException(
                $"{rows.Count - found} of {rows.Count} znodes from {rows[0].Path} to {rows[^1].Path} were to be written without their "
                + "data, which the store does not have.");
        }
    }

    /// <summary>Runs a statement of the writer; returns how many rows it changed.</summary>
    private async Task<long> ChangeAsync(int epoch, string sql, NpgsqlParameter[] parameters, CancellationToken cancellationToken)
    {
        if (_writer is null || _epoch != epoch)
            await BecomeWriterAsync(epoch, ZNodeStatements.BecomeWriter, [], cancellationToken).ConfigureAwait(false);

        var (isWriter, changed) = await RunAsync(epoch, _writer!.Value, sql, parameters, cancellationToken).ConfigureAwait(false);
        return isWriter ? changed : throw new EpochFencedException(epoch);
    }

    private async Task BecomeWriterAsync(int epoch, string sql, long[] values, CancellationToken cancellationToken)
    {
        var writer = RandomNumber.Next();
        var parameters = Array.ConvertAll(values, NpgsqlParameter (value) => new NpgsqlParameter<long> { TypedValue = value });
        var (isWriter, _) = await RunAsync(epoch, writer, sql, parameters, cancellationToken).ConfigureAwait(false);
        if (!isWriter)
            throw new EpochFencedException(epoch);

        (_epoch, _writer, _target) = (epoch, writer, null);
    }

    private async Task<(bool IsWriter, long Changed)> RunAsync(
        int epoch, long writer, string sql, NpgsqlParameter[] parameters, CancellationToken cancellationToken)
    {
        await using var command = database.CheckpointSource.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = epoch });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = writer });
        command.Parameters.AddRange(parameters);
        try
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            var result = (reader.GetInt64(0) == 1, reader.GetInt64(1));

            // What fails at the commit is told behind the rows.
            await reader.CloseAsync().ConfigureAwait(false);
            return result;
        }
        catch
        {
            (_writer, _target) = (null, null);
            throw;
        }
    }
}
