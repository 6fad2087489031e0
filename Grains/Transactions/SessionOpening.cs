namespace OrleansKeeper.Grains.Transactions;

/// <summary>The session that a transaction opened.</summary>
/// <param name="PasswordHash">SHA-256 of its password.</param>
/// <param name="TimeoutMilliseconds">The negotiated timeout.</param>
internal sealed record SessionOpening(byte[] PasswordHash, int TimeoutMilliseconds);
