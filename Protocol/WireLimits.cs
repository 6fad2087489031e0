namespace OrleansKeeper.Protocol;

/// <summary>Sizes that the protocol fixes or defaults to.</summary>
public static class WireLimits
{
    /// <summary>The longest frame a server accepts unless told otherwise (<c>jute.maxbuffer</c>).</summary>
    public const int DefaultMaxRequestBytes = 0xFFFFF;

    /// <summary>The length of a session's password.</summary>
    public const int PasswordLength = 16;

    /// <summary>The length of a four-letter word, which is the length of a frame's length prefix.</summary>
    public const int FourLetterWordLength = 4;
}
