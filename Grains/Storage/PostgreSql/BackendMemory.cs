using Npgsql;

namespace OrleansKeeper.Grains.Storage.PostgreSql;

/// <summary>
/// Has PostgreSQL's process for a connection keep the memory that a statement took for the next one.
/// <para>
/// A statement's parameters are copied several times and freed at its end. By default glibc gives back to the kernel what was a block of
/// 128 KiB or more, and what is free beyond 128 KiB, so the next statement has its pages mapped and cleared anew, which took up to half of its
/// time. Once a block from the kernel was freed, glibc takes smaller ones for usual, and keeps twice as much (mallopt(3),
/// M_MMAP_THRESHOLD): so one such block is allocated and freed when the connection opens. Elsewhere it does no harm.
/// </para>
/// </summary>
internal static class BackendMemory
{
    /// <summary>
    /// Allocates and frees 1 MiB, so up to 2 MiB stay with the process. A larger one would take longer to fill than whoever takes over as the
    /// sequencer should wait.
    /// </summary>
    private const string FreeBlock = "SELECT octet_length(repeat(repeat(' ', 1024), 1024))";

    public static void Keep(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand(FreeBlock, connection);
        command.ExecuteNonQuery();
    }

    public static async Task KeepAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(FreeBlock, connection);
        await command.ExecuteNonQueryAsync().ConfigureAwait(false);
    }
}
