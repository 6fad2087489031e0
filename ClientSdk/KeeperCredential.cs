using System.Text;

namespace OrleansKeeper.ClientSdk;

/// <summary>What a client proves with to be somebody, for access control lists.</summary>
/// <param name="Scheme">The scheme: <c>digest</c>.</param>
/// <param name="Secret">What the scheme asks for: for <c>digest</c>, <c>user:password</c> in UTF-8.</param>
public sealed record KeeperCredential(string Scheme, ReadOnlyMemory<byte> Secret)
{
    /// <summary>A user and a password, for lists with entries of scheme <c>digest</c>.</summary>
    public static KeeperCredential Digest(string user, string password) => new("digest", Encoding.UTF8.GetBytes($"{user}:{password}"));

    /// <summary>Names the scheme and keeps the secret.</summary>
    public override string ToString() => Scheme;
}
