namespace OrleansKeeper.Grains.Storage;

/// <summary>A row of the session table.</summary>
/// <param name="SessionId">The session's id.</param>
/// <param name="PasswordHash">SHA-256 of its password; null for a row to be removed.</param>
/// <param name="TimeoutMilliseconds">The negotiated timeout.</param>
/// <param name="Owner">The silo that carries it, by its name as a submitter; null when that is not known.</param>
internal readonly record struct SessionRow(long SessionId, byte[]? PasswordHash, int TimeoutMilliseconds, string? Owner = null);
