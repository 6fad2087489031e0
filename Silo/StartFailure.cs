using Microsoft.Extensions.Options;
using Npgsql;
using OrleansKeeper.Grains.Storage;
using OrleansKeeper.Grains.Storage.Sqlite;

namespace OrleansKeeper.Silo;

/// <summary>Ends the process with a sentence where it is the operator's to mend, and with the whole exception where it is ours.</summary>
internal static class StartFailure
{
    private const int Failed = 1;

    /// <summary>Runs the program; the exit code.</summary>
    public static async Task<int> ReportAsync(Func<Task> run)
    {
        try
        {
            await run().ConfigureAwait(false);
            return 0;
        }
        catch (Exception exception)
        {
            var cause = exception;
            while (!IsForOperator(cause) && cause.InnerException is { } inner)
                cause = inner;
            await Console.Error.WriteLineAsync(IsForOperator(cause) ? cause.Message : exception.ToString()).ConfigureAwait(false);
            return Failed;
        }
    }

    private static bool IsForOperator(Exception exception) => exception is
        InvalidSettingException or OptionsValidationException or DataDirectoryInUseException or SchemaVersionException
        or LogCorruptedException or InvalidDataException or IOException or UnauthorizedAccessException or NpgsqlException { IsTransient: true };
}
