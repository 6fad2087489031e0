namespace OrleansKeeper.GrainInterfaces;

/// <summary>
/// The key of a session's grain. It begins with a slash because Orleans' ADO.NET storage takes a key that could be a hexadecimal
/// number for one, so that different keys would share a row.
/// </summary>
public static class SessionGrainKey
{
    private const string Prefix = "/session/";

    /// <summary>The key for a session id.</summary>
    public static string Of(long sessionId) => Prefix + sessionId.ToString("x16", null);

    /// <summary>The session id of a key.</summary>
    public static long SessionIdOf(string key) => Convert.ToInt64(key[Prefix.Length..], 16);
}
