namespace OrleansKeeper.Tests.Interop.Wire;

/// <summary>The first frame of a connection. <see cref="ReadOnly"/> null leaves the optional last byte out.</summary>
public sealed record ConnectRequest
{
    public long LastZxidSeen { get; init; }

    public int Timeout { get; init; } = 30_000;

    public long SessionId { get; init; }

    public byte[] Password { get; init; } = new byte[16];

    public bool? ReadOnly { get; init; } = false;

    public byte[] Encode()
    {
        var writer = new JuteWriter().Int(0).Long(LastZxidSeen).Int(Timeout).Long(SessionId).Buffer(Password);
        if (ReadOnly is { } readOnly)
            writer.Bool(readOnly);
        return writer.ToArray();
    }
}
