using Npgsql;

namespace OrleansKeeper.Grains.Storage.PostgreSql;

/// <summary>
/// Claims epochs and appends, over one connection that it opens again whenever it breaks. Calls are serialized by the owner.
/// <para>
/// <b>Why a writer of an older epoch can never append (rule R3).</b> Claim and append update the same row of the ledger, each in one
/// statement that commits by itself. An append finds the row by its epoch. PostgreSQL lets one of two such updates wait for the other's
/// commit, and under READ COMMITTED, which the connection asks for, the one that waited looks at the row again: an append that waited
/// for a claim finds another epoch, updates nothing, and therefore inserts nothing; a claim that waited for an append comes after it,
/// and its owner finds the batch when it reads the log. So once a claim has committed, no append of an older epoch commits, whenever
/// its statement was sent and however long its silo or its connection was paused.
/// </para>
/// <para>
/// <b>Why the outcome of an append is final.</b> An append names its connection too, which stands in the row since it was opened. When
/// one breaks, its last statement may be done, running, or still on its way. The writer opens another and registers that in the row: the
/// update waits for a statement that runs, and one that comes later finds another connection and appends nothing. What the ledger says
/// behind it is what became of the batch. A claim that broke off is settled in the same way, also by the next call for the same epoch.
/// </para>
/// <para>
/// <b>Why nobody waits long for the row.</b> PostgreSQL holds it from an update's beginning to the commit, which the last bytes of the same
/// request cause. A writer that is cut off just before those keeps it locked. Waiting for the row is bounded; then PostgreSQL's process
/// for the connection that the ledger knows is ended, which rolls its statement back.
/// </para>
/// </summary>
internal sealed class LedgerWriter(PostgreSqlDatabase database, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>What the ledger knows this writer by; its epoch is nobody else's, even if somebody else names the same one.</summary>
    private readonly long _number = RandomNumber.Next();

    private LedgerConnection? _connection;

    /// <summary>The batch of which nobody knows whether it is in the log.</summary>
    private IdentifiedBatch? _inDoubt;

    /// <summary>The expected epoch of the last claim, when nobody knows whether it succeeded.</summary>
    private int? _claimInDoubt;

    /// <summary>
    /// Gives the connection away, if there is one. Whoever appends meanwhile or afterwards has to register one, since another may have been
    /// registered in between.
    /// </summary>
    public LedgerConnection? TakeConnection()
    {
        var connection = _connection;
        connection?.ForgetEpoch();
        _connection = null;
        return connection;
    }

    /// <summary>Takes a connection back, unless there is another one by now.</summary>
    public void ReturnConnection(LedgerConnection connection)
    {
        if (_connection is null)
            _connection = connection;
        else
            connection.Dispose();
    }

    /// <summary>
    /// Returns the given connection if it works, else a new one; null when the database is away. Needs no serialization, since it deals with
    /// a connection that was taken.
    /// </summary>
    public LedgerConnection? Mend(LedgerConnection? connection)
    {
        try
        {
            connection?.Check();
            return connection ?? Open();
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception))
        {
            connection?.Dispose();
            return connection is null ? null : Mend(null);
        }
    }

    public bool TryClaimEpoch(int expectedEpoch, string holder)
    {
        var started = time.GetTimestamp();
        var isSent = _claimInDoubt == expectedEpoch;
        while (true)
        {
            try
            {
                _connection ??= Open();
                var isClaimed = WithRow(_connection, connection => connection.Claim(expectedEpoch, holder, _number));
                if (!isClaimed && isSent)
                {
                    // Perhaps it was claimed from here, on a connection that broke before it said so.
                    var tail = _connection.ReadTail();
                    isClaimed = tail.Epoch == expectedEpoch + 1 && tail.Writer == _number;
                }

                _claimInDoubt = null;
                return isClaimed;
            }
            catch (Exception exception) when (DatabaseFailure.Is(exception))
            {
                isSent |= _connection is not null;
                _claimInDoubt = isSent ? expectedEpoch : null;
                Close();
                if (Remaining(started) <= TimeSpan.Zero)
                    throw new DatabaseUnavailableException(database.Name, exception);
            }

            Thread.Sleep(Pause);
        }
    }

    public AppendOutcome Append(int epoch, long previousZxid, in LogBatch batch, out Exception? failure)
    {
        var started = time.GetTimestamp();
        var identity = IdentifiedBatch.Of(batch);
        var isSent = false;
        failure = null;
        while (true)
        {
            try
            {
                if (_connection?.Epoch != epoch)
                {
                    if (Settle(Register(epoch), epoch, previousZxid, identity) is { } settled)
                        return Told(settled, ref failure);
                    isSent = false;
                }

                isSent = true;
                if (_connection!.Append(epoch, previousZxid, batch, identity.Checksum, TimeoutSeconds(started)))
                    return Told(AppendOutcome.Appended, ref failure);

                return Told(Settle(_connection.ReadTail(), epoch, previousZxid, identity) ?? AppendOutcome.Fenced, ref failure);
            }
            catch (Exception exception) when (DatabaseFailure.Is(exception))
            {
                // A statement that PostgreSQL refused has done nothing; of one that was interrupted it is not known.
                failure = exception;
                isSent &= !(exception is PostgresException { InvariantSeverity: "ERROR" } && _connection?.Epoch == epoch);
                Close();
            }

            if (Remaining(started) <= TimeSpan.Zero)
                return GiveUp(isSent, identity);

            Thread.Sleep(Pause);
        }
    }

    public void Dispose() => Close();

    private AppendOutcome GiveUp(bool isSent, in IdentifiedBatch batch)
    {
        if (!isSent)
            return AppendOutcome.Failed;

        _inDoubt = batch;
        return AppendOutcome.InDoubt;
    }

    private AppendOutcome Told(AppendOutcome outcome, ref Exception? failure)
    {
        failure = null;
        _inDoubt = null;
        return outcome;
    }

    /// <summary>What became of a batch; null when it is not in the log and can be appended.</summary>
    private AppendOutcome? Settle(in LedgerTail tail, int epoch, long previousZxid, in IdentifiedBatch batch)
    {
        if (tail.Is(batch))
            return AppendOutcome.Appended;
        if (tail.Epoch != epoch || tail.Connection != _connection!.Number)
            return AppendOutcome.Fenced;
        if (tail.LastZxid == previousZxid)
            return null;

        return _inDoubt is { } doubt && tail.Is(doubt) ? AppendOutcome.Behind : AppendOutcome.Fenced;
    }

    private LedgerTail Register(int epoch)
    {
        _connection ??= Open();
        return WithRow(_connection, connection => connection.Register(epoch, _number));
    }

    private LedgerConnection Open()
    {
        var connection = database.OpenLedgerConnection();
        try
        {
            return new LedgerConnection(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs a statement that needs the ledger's row, once more if somebody had to be made to let go of it.</summary>
    private static T WithRow<T>(LedgerConnection connection, Func<LedgerConnection, T> run)
    {
        try
        {
            return run(connection);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            connection.EndWriter();
            return run(connection);
        }
    }

    private TimeSpan Remaining(long started) => database.Patience - time.GetElapsedTime(started);

    private int TimeoutSeconds(long started) => Math.Max(1, (int)Math.Ceiling(Remaining(started).TotalSeconds));

    private void Close()
    {
        _connection?.Dispose();
        _connection = null;
    }
}
