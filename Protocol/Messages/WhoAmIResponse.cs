using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>The reply to whoAmI.</summary>
/// <param name="ClientInfo">The identities of the connection.</param>
public readonly record struct WhoAmIResponse(ClientInfo[]? ClientInfo) : IJuteRecord<WhoAmIResponse>
{
    /// <inheritdoc/>
    public int Size => JuteSize.OfRecords(ClientInfo);

    /// <inheritdoc/>
    public static WhoAmIResponse Read(ref JuteReader reader) => new(reader.ReadRecords<ClientInfo>(Messages.ClientInfo.MinimumWireSize));

    /// <inheritdoc/>
    public void Write(ref JuteWriter writer) => writer.WriteRecords(ClientInfo);
}
