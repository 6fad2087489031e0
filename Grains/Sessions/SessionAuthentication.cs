using Microsoft.Extensions.Options;
using OrleansKeeper.Grains.Security;
using OrleansKeeper.Protocol.Jute;
using OrleansKeeper.Protocol.Messages;

namespace OrleansKeeper.Grains.Sessions;

/// <summary>Has a session's client prove who it is.</summary>
internal sealed class SessionAuthentication(IOptions<KeeperOptions> options)
{
    /// <summary>Adds to the session's identities what an auth packet proves; false when it proves nothing.</summary>
    public bool TryAuthenticate(ClientSession session, ReadOnlySpan<byte> body)
    {
        try
        {
            var packet = JuteRecords.Parse<AuthPacket>(body);
            return TryAuthenticate(session, packet.Scheme, packet.Auth);
        }
        catch (JuteFormatException)
        {
            return false;
        }
    }

    /// <summary>Adds to the session's identities what this secret proves by this scheme; false when it proves nothing.</summary>
    public bool TryAuthenticate(ClientSession session, string? scheme, ReadOnlySpan<byte> secret)
    {
        if (Authentication.Authenticate(scheme, secret, options.Value.SuperDigest) is not { } identities)
            return false;

        session.AddIdentities(identities);
        return true;
    }
}
