using System.Buffers.Binary;
using System.Security.Cryptography;
using OrleansKeeper.Grains.Transactions;
using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Grains.Sequencing;

/// <summary>
/// The body of a request to open a session, which only silos send: the negotiated timeout and the hash of the password.
/// The password itself leaves the silo that made it for nobody but the client.
/// </summary>
internal static class SessionOpeningCodec
{
    private const int Size = sizeof(int) + SHA256.HashSizeInBytes;

    public static byte[] Write(SessionOpening opening)
    {
        var body = new byte[Size];
        BinaryPrimitives.WriteInt32BigEndian(body, opening.TimeoutMilliseconds);
        opening.PasswordHash.CopyTo(body, sizeof(int));
        return body;
    }

    /// <exception cref="JuteFormatException">The body is not such a request.</exception>
    public static SessionOpening Read(ReadOnlySpan<byte> body) => body.Length == Size
        ? new SessionOpening(body[sizeof(int)..].ToArray(), BinaryPrimitives.ReadInt32BigEndian(body))
        : throw new JuteFormatException($"A request to open a session has {body.Length} bytes instead of {Size}.");
}
