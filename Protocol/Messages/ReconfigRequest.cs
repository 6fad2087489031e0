using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>The body of reconfig, whose reply is a <see cref="GetDataResponse"/>.</summary>
/// <param name="JoiningServers">The servers that join, or null.</param>
/// <param name="LeavingServers">The servers that leave, or null.</param>
/// <param name="NewMembers">The servers the ensemble is to consist of, or null.</param>
/// <param name="CurrentConfigId">The configuration that must be in force, or -1 for any.</param>
public readonly record struct ReconfigRequest(
    string? JoiningServers,
    string? LeavingServers,
    string? NewMembers,
    long CurrentConfigId) : IJuteRecord<ReconfigRequest>
{
    /// <inheritdoc/>
    public int Size => JuteSize.OfString(JoiningServers) + JuteSize.OfString(LeavingServers) + JuteSize.OfString(NewMembers) + JuteSize.Long;

    /// <inheritdoc/>
    public static ReconfigRequest Read(ref JuteReader reader) => new(
        reader.ReadString(),
        reader.ReadString(),
        reader.ReadString(),
        reader.ReadLong());

    /// <inheritdoc/>
    public void Write(ref JuteWriter writer)
    {
        writer.WriteString(JoiningServers);
        writer.WriteString(LeavingServers);
        writer.WriteString(NewMembers);
        writer.WriteLong(CurrentConfigId);
    }
}
