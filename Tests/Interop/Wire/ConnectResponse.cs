namespace OrleansKeeper.Tests.Interop.Wire;

/// <summary>The server's answer to <see cref="ConnectRequest"/>; <see cref="ReadOnly"/> is null if the byte is not there.</summary>
public sealed record ConnectResponse(int ProtocolVersion, int Timeout, long SessionId, byte[]? Password, bool? ReadOnly)
{
    public static ConnectResponse Parse(byte[] frame)
    {
        var reader = new JuteReader(frame);
        return new ConnectResponse(
            reader.Int(), reader.Int(), reader.Long(), reader.Buffer(), reader.Remaining > 0 ? reader.Bool() : null);
    }
}
