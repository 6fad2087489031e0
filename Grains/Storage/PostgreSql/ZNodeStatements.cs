namespace OrleansKeeper.Grains.Storage.PostgreSql;

/// <summary>
/// The statements that write the tables. Each commits by itself, and has the check that its writer is still the one inside, as a lock on
/// the checkpoint's row. $1 is the epoch and $2 the writer. Each answers with two numbers: 1 if the writer was right, else 0, and how many
/// rows it changed.
/// </summary>
internal static class ZNodeStatements
{
    private const int ParametersBeforeColumns = 2;

    /// <summary>Makes somebody the writer, unless the tables have seen a later epoch.</summary>
    public const string BecomeWriter =
        """
        WITH changed AS (UPDATE checkpoint SET epoch = $1, writer = $2 WHERE id = 1 AND epoch <= $1 RETURNING id)
        SELECT count(*), count(*) FROM changed
        """;

    /// <summary>The same, and notes the target $3 of the checkpoint that begins.</summary>
    public const string BeginCheckpoint =
        """
        WITH changed AS (UPDATE checkpoint SET epoch = $1, writer = $2, target = $3 WHERE id = 1 AND epoch <= $1 RETURNING id)
        SELECT count(*), count(*) FROM changed
        """;

    /// <summary>Moves the mark to the target $3, with the number of znodes $4.</summary>
    public const string CompleteCheckpoint =
        """
        WITH changed AS
        (
          UPDATE checkpoint SET mark = $3, znode_count = $4 WHERE id = 1 AND epoch = $1 AND writer = $2 AND target = $3 RETURNING id
        )
        SELECT count(*), count(*) FROM changed
        """;

    private static readonly string Insert =
        $"""
        INSERT INTO znode ({Join("{0}")})
        SELECT {Join("rows.{0}")} FROM writer, {Rows(ZNodeColumns.Names)}
        """;

    /// <summary>Without looking for a row that is there already, which took a third of what a row takes.</summary>
    public static readonly string WriteNewRows = Fenced(Insert);

    public static readonly string WriteRows = Fenced(
        $"""
        {Insert}
        ON CONFLICT (parent, name) DO UPDATE SET {Join("{0} = excluded.{0}", ZNodeColumns.Names.Skip(2))}
        """);

    public static readonly string WriteRowsWithoutData = Fenced(
        $"""
        UPDATE znode SET {Join("{0} = rows.{0}", ZNodeColumns.Names.Skip(2).Where(name => name != "data"))}
        FROM writer, {Rows(ZNodeColumns.Names)}
        WHERE znode.parent = rows.parent AND znode.name = rows.name
        """);

    public static readonly string DeleteRows = Fenced(
        $"""
        DELETE FROM znode USING writer, {Rows(ZNodeColumns.Names[..2])}
        WHERE znode.parent = rows.parent AND znode.name = rows.name
        """);

    public static readonly string WriteSessions = Fenced(
        """
        INSERT INTO session (id, password_hash, timeout_milliseconds, owner)
        SELECT rows.* FROM writer, unnest($3, $4, $5, $6) AS rows
        ON CONFLICT (id) DO UPDATE SET
          password_hash = excluded.password_hash, timeout_milliseconds = excluded.timeout_milliseconds, owner = excluded.owner
        """);

    public static readonly string DeleteSessions = Fenced("DELETE FROM session USING writer WHERE session.id = ANY ($3)");

    private static string Fenced(string change) =>
        $"""
        WITH writer AS (SELECT 1 FROM checkpoint WHERE id = 1 AND epoch = $1 AND writer = $2 FOR UPDATE),
        changed AS ({change} RETURNING 1)
        SELECT (SELECT count(*) FROM writer), (SELECT count(*) FROM changed)
        """;

    private static string Rows(string[] columns)
    {
        var parameters = string.Join(", ", Enumerable.Range(1 + ParametersBeforeColumns, columns.Length).Select(number => $"${number}"));
        return $"unnest({parameters}) AS rows ({string.Join(", ", columns)})";
    }

    private static string Join(string format, IEnumerable<string>? columns = null) =>
        string.Join(", ", (columns ?? ZNodeColumns.Names).Select(column => string.Format(null, format, column)));
}
