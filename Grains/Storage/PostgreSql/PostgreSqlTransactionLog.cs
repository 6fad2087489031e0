using System.Runtime.CompilerServices;
using Npgsql;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Grains.Storage.PostgreSql;

/// <summary>
/// The transaction log of a cluster. <see cref="LedgerWriter"/> says why only one silo can write it, <c>LogSegments.sql</c> how it is
/// trimmed; all can read it.
/// </summary>
internal sealed class PostgreSqlTransactionLog(PostgreSqlDatabase database, TimeProvider timeProvider) : ITransactionLog, IDisposable
{
    /// <summary>Trimming leaves appends this much time between two steps.</summary>
    private static readonly TimeSpan TrimPause = TimeSpan.FromMilliseconds(5);

    /// <summary>How long preparing for a claim waits for an append or a claim that is under way.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    private readonly Lock _writeGate = new();
    private readonly LedgerWriter _writer = new(database, timeProvider);
    private bool _isDisposed;

    public async ValueTask<Ledger> ReadLedgerAsync(CancellationToken cancellationToken = default)
    {
        var ledgers = await database.ReadAsync(
            "SELECT epoch, holder, last_zxid FROM ledger WHERE id = 1",
            [],
            reader => new Ledger(reader.GetInt32(0), reader.GetString(1), reader.GetInt64(2)),
            cancellationToken).ConfigureAwait(false);
        return ledgers is [var only] ? only : throw WithoutLedger();
    }

    // Rare, and by way of the writer's own connection, which may block.
    public async ValueTask<bool> TryClaimEpochAsync(int expectedEpoch, string holder, CancellationToken cancellationToken = default) =>
        await OwnThread.RunAsync(() => TryClaimEpoch(expectedEpoch, holder), cancellationToken).ConfigureAwait(false);

    public async ValueTask<bool> PrepareToClaimAsync(CancellationToken cancellationToken = default) =>
        await OwnThread.RunAsync(PrepareToClaim, cancellationToken).ConfigureAwait(false);

    public async ValueTask<long> ReadLastZxidAsync(CancellationToken cancellationToken = default)
    {
        List<long> last;
        try
        {
            last = await database.ReadAsync(
                "SELECT last_zxid FROM ledger WHERE id = 1", [], reader => reader.GetInt64(0), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception))
        {
            throw new DatabaseUnavailableException(database.Name, exception);
        }

        return last is [var only] ? only : throw WithoutLedger();
    }

    public AppendOutcome Append(int epoch, long previousZxid, in LogBatch batch, out Exception? failure)
    {
        ZxidOrder.DemandFollows(epoch, previousZxid, batch);
        lock (_writeGate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _writer.Append(epoch, previousZxid, batch, out failure);
        }
    }

    public async IAsyncEnumerable<LogBatch> ReadAfterAsync(
        long zxid, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var reader = new LogReader(database, zxid);
        while (await reader.ReadPieceAsync(cancellationToken).ConfigureAwait(false) is { Count: > 0 } piece)
        {
            foreach (var batch in piece)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return batch;
            }
        }
    }

    public async ValueTask<long> ReadLastBeforeAsync(int epoch, CancellationToken cancellationToken = default)
    {
        var last = await database.ReadAsync(
            "SELECT last_zxid FROM transaction_log WHERE last_zxid < $1 ORDER BY last_zxid DESC LIMIT 1",
            [Zxid.Of(epoch, 0)],
            reader => reader.GetInt64(0),
            cancellationToken).ConfigureAwait(false);
        return last is [var only] ? only : 0;
    }

    public async ValueTask TrimAsync(long zxid, CancellationToken cancellationToken = default)
    {
        while (await TrimStepAsync(zxid, cancellationToken).ConfigureAwait(false))
            await Task.Delay(TrimPause, timeProvider, cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        lock (_writeGate)
        {
            _isDisposed = true;
            _writer.Dispose();
        }
    }

    /// <summary>The connection is looked at while it is nobody's, so that whoever needs one meanwhile opens another rather than wait.</summary>
    private bool PrepareToClaim()
    {
        // Whoever holds the gate for long waits for the database.
        if (!_writeGate.TryEnter(Moment))
            return false;

        LedgerConnection? connection;
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            connection = _writer.TakeConnection();
        }
        finally
        {
            _writeGate.Exit();
        }

        connection = _writer.Mend(connection);
        lock (_writeGate)
        {
            if (_isDisposed)
                connection?.Dispose();
            else if (connection is not null)
                _writer.ReturnConnection(connection);
        }

        return connection is not null;
    }

    private LogCorruptedException WithoutLedger() => new($"The transaction log in {database.Name} is damaged: its ledger is empty.");

    private bool TryClaimEpoch(int expectedEpoch, string holder)
    {
        lock (_writeGate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _writer.TryClaimEpoch(expectedEpoch, holder);
        }
    }

    private async ValueTask<bool> TrimStepAsync(long zxid, CancellationToken cancellationToken)
    {
        await using var command = database.DataSource.CreateCommand("SELECT trim_log($1)");
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = zxid });
        return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is true;
    }
}
