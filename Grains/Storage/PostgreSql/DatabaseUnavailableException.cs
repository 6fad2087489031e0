using Npgsql;

namespace OrleansKeeper.Grains.Storage.PostgreSql;

/// <summary>PostgreSQL cannot be reached, or does not let this program in; the message says where and why.</summary>
internal sealed class DatabaseUnavailableException(string database, Exception innerException) : IOException(
    $"{database} cannot be used: {ReasonOf(innerException)}", innerException)
{
    private static string ReasonOf(Exception exception) => exception switch
    {
        PostgresException refusal => $"{refusal.MessageText} ({refusal.SqlState})",
        { InnerException: { } inner } when !exception.Message.Contains(inner.Message, StringComparison.Ordinal) =>
            $"{exception.Message}: {inner.Message}",
        _ => exception.Message,
    };
}
