using System.Security.Cryptography;

namespace OrleansKeeper.Grains.Replication;

/// <summary>An open session as the log knows it.</summary>
/// <param name="SessionId">Its id.</param>
/// <param name="PasswordHash">SHA-256 of its password.</param>
/// <param name="TimeoutMilliseconds">The timeout that was negotiated when it was opened.</param>
/// <param name="Owner">
/// The silo that carries it, by its name as a submitter; null when that is not known: then requests by way of any silo count as the session's,
/// until one becomes the owner.
/// </param>
internal sealed record SessionRecord(long SessionId, byte[] PasswordHash, int TimeoutMilliseconds, string? Owner)
{
    public bool HasPassword(ReadOnlySpan<byte> password)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(password, hash);
        return CryptographicOperations.FixedTimeEquals(hash, PasswordHash);
    }
}
