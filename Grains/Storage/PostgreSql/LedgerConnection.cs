using Npgsql;
using NpgsqlTypes;

namespace OrleansKeeper.Grains.Storage.PostgreSql;

/// <summary>
/// A connection to the ledger, and the statements of <see cref="LedgerWriter"/>. Each commits by itself and locks the ledger's one row
/// from its own beginning to its own end. Used by one thread at a time, which may block.
/// </summary>
internal sealed class LedgerConnection : IDisposable
{
    private const string ThisBackend =
        "backend_pid = pg_backend_pid(), backend_start = (SELECT backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid())";

    private const int StatementSeconds = 5;
    private const int CheckSeconds = 1;

    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlCommand _claim;
    private readonly NpgsqlParameter<int> _expectedEpoch = new() { NpgsqlDbType = NpgsqlDbType.Integer };
    private readonly NpgsqlParameter<string> _holder = new() { NpgsqlDbType = NpgsqlDbType.Text };
    private readonly NpgsqlParameter<long> _writer = Bigint();
    private readonly NpgsqlCommand _append;
    private readonly NpgsqlParameter<int> _epoch = new() { NpgsqlDbType = NpgsqlDbType.Integer };
    private readonly NpgsqlParameter<long> _previousZxid = Bigint();
    private readonly NpgsqlParameter<long> _firstZxid = Bigint();
    private readonly NpgsqlParameter<long> _lastZxid = Bigint();
    private readonly NpgsqlParameter<long> _checksum = Bigint();
    private readonly NpgsqlParameter<ReadOnlyMemory<byte>> _payload = new() { NpgsqlDbType = NpgsqlDbType.Bytea };

    public LedgerConnection(NpgsqlConnection connection)
    {
        _connection = connection;
        _claim = new NpgsqlCommand(
            $"""
            UPDATE ledger
            SET epoch = epoch + 1, holder = $2, writer = $3, connection = $4, {ThisBackend}
            WHERE id = 1 AND epoch = $1
            """,
            connection)
        {
            Parameters = { _expectedEpoch, _holder, _writer, NumberAsParameter() },
            CommandTimeout = StatementSeconds,
        };
        _append = new NpgsqlCommand(
            """
            WITH tail AS
            (
              UPDATE ledger SET last_zxid = $5 WHERE id = 1 AND epoch = $1 AND connection = $2 AND last_zxid = $3 RETURNING id
            )
            INSERT INTO transaction_log (first_zxid, last_zxid, checksum, payload, segment)
            SELECT $4, $5, $6, $7, (SELECT segment FROM log_trim WHERE id = 1) FROM tail
            """,
            connection)
        {
            Parameters = { _epoch, NumberAsParameter(), _previousZxid, _firstZxid, _lastZxid, _checksum, _payload },
        };
        try
        {
            _claim.Prepare();
            _append.Prepare();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What the ledger knows this connection by.</summary>
    public long Number { get; } = RandomNumber.Next();

    /// <summary>The epoch for which this is the writer's connection; 0 for none.</summary>
    public int Epoch { get; private set; }

    /// <summary>
    /// Claims the epoch that follows the expected one, and makes this its writer's connection. False when the ledger has another epoch.
    /// </summary>
    public bool Claim(int expectedEpoch, string holder, long writer)
    {
        _expectedEpoch.TypedValue = expectedEpoch;
        _holder.TypedValue = holder;
        _writer.TypedValue = writer;
        if (_claim.ExecuteNonQuery() != 1)
            return false;

        Epoch = expectedEpoch + 1;
        return true;
    }

    /// <summary>
    /// Makes this the connection of the epoch's writer, instead of any other, if the ledger still has both. Returns what the ledger
    /// has then, which nobody but this connection and a claim can change.
    /// </summary>
    public LedgerTail Register(int epoch, long writer)
    {
        using var command = Command(
            $"UPDATE ledger SET connection = $3, {ThisBackend} WHERE id = 1 AND epoch = $1 AND writer = $2", epoch, writer, Number);
        command.ExecuteNonQuery();
        var tail = ReadTail();
        if (tail.Epoch == epoch && tail.Connection == Number)
            Epoch = epoch;
        return tail;
    }

    /// <summary>Makes this nobody's connection until it claims or registers again.</summary>
    public void ForgetEpoch() => Epoch = 0;

    /// <summary>Fails when the connection is broken, or the ledger cannot be read at once.</summary>
    public void Check()
    {
        using var command = Command("SELECT last_zxid FROM ledger WHERE id = 1");
        command.CommandTimeout = CheckSeconds;
        command.ExecuteScalar();
    }

    /// <summary>Ends PostgreSQL's process for the connection that the ledger knows, should it still be there.</summary>
    public void EndWriter()
    {
        using var command = Command(
            """
            SELECT pg_terminate_backend(activity.pid)
            FROM ledger
            JOIN pg_stat_activity AS activity ON activity.pid = ledger.backend_pid AND activity.backend_start = ledger.backend_start
            WHERE ledger.id = 1 AND activity.pid <> pg_backend_pid()
            """);
        command.ExecuteNonQuery();
    }

    /// <summary>Appends a batch. False when this is not the writer's connection any more, or the log ends elsewhere.</summary>
    public bool Append(int epoch, long previousZxid, in LogBatch batch, long checksum, int timeoutSeconds)
    {
        _epoch.TypedValue = epoch;
        _previousZxid.TypedValue = previousZxid;
        _firstZxid.TypedValue = batch.FirstZxid;
        _lastZxid.TypedValue = batch.LastZxid;
        _checksum.TypedValue = checksum;
        _payload.TypedValue = batch.Payload;
        _append.CommandTimeout = timeoutSeconds;
        var isAppended = _append.ExecuteNonQuery() == 1;
        _payload.TypedValue = default;
        return isAppended;
    }

    /// <exception cref="LogCorruptedException">There is no ledger.</exception>
    public LedgerTail ReadTail()
    {
        using var command = Command(
            """
            SELECT epoch, writer, connection, ledger.last_zxid, coalesce(first_zxid, 0), coalesce(checksum, 0)
            FROM ledger
            LEFT JOIN transaction_log ON transaction_log.last_zxid = ledger.last_zxid
            WHERE id = 1
            """);
        using var reader = command.ExecuteReader();
        return reader.Read()
            ? new LedgerTail(
                reader.GetInt32(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5))
            : throw new LogCorruptedException("The transaction log is damaged: its ledger is empty.");
    }

    public void Dispose()
    {
        _claim.Dispose();
        _append.Dispose();
        _connection.Dispose();
    }

    private NpgsqlParameter<long> NumberAsParameter()
    {
        var number = Bigint();
        number.TypedValue = Number;
        return number;
    }

    private static NpgsqlParameter<long> Bigint() => new() { NpgsqlDbType = NpgsqlDbType.Bigint };

    private NpgsqlCommand Command(string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlCommand(sql, _connection) { CommandTimeout = StatementSeconds };
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }
}
