using System.Net.Sockets;
using Npgsql;

namespace OrleansKeeper.Grains.Storage.PostgreSql;

/// <summary>Tells what the database and the way to it can do to a call from mistakes of ours.</summary>
internal static class DatabaseFailure
{
    public static bool Is(Exception exception) => exception is NpgsqlException or TimeoutException or IOException or SocketException;
}
