using System.Security.Cryptography;
using System.Text;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Grains.Security;

/// <summary>The schemes by which a connection proves who it is, as ZooKeeper's authentication providers.</summary>
internal static class Authentication
{
    public const string World = "world";
    public const string Anyone = "anyone";
    public const string Digest = "digest";
    public const string Ip = "ip";
    public const string Auth = "auth";
    public const string Super = "super";

    /// <summary>
    /// The identities that an auth packet proves: for digest the user with the hash of its password, and super if that is the configured
    /// super digest. Null when the scheme is unknown or the packet proves nothing.
    /// </summary>
    public static Id[]? Authenticate(string? scheme, ReadOnlySpan<byte> auth, string superDigest)
    {
        if (scheme != Digest)
            return null;

        var userAndPassword = Encoding.UTF8.GetString(auth);
        var digest = DigestOf(userAndPassword);
        return digest == superDigest ? [new Id(Super, ""), new Id(Digest, digest)] : [new Id(Digest, digest)];
    }

    /// <summary>The id of <c>user:password</c>: the user, a colon, and the base64 of the SHA-1 of both.</summary>
    public static string DigestOf(string userAndPassword)
    {
        var user = userAndPassword.Split(':', 2)[0];
        return user + ":" + Convert.ToBase64String(SHA1.HashData(Encoding.UTF8.GetBytes(userAndPassword)));
    }
}
