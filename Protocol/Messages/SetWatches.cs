using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>
/// The body of setWatches: the watches a client had on its last connection. Null vectors are read as empty.
/// </summary>
/// <param name="RelativeZxid">The last transaction the client has seen; what happened since is told at once.</param>
/// <param name="DataWatches">The paths with a data watch.</param>
/// <param name="ExistWatches">The paths with a watch for being created.</param>
/// <param name="ChildWatches">The paths with a child watch.</param>
public readonly record struct SetWatches(
    long RelativeZxid,
    string[] DataWatches,
    string[] ExistWatches,
    string[] ChildWatches) : IJuteRecord<SetWatches>
{
    /// <inheritdoc/>
    public int Size =>
        JuteSize.Long + JuteSize.OfStrings(DataWatches) + JuteSize.OfStrings(ExistWatches) + JuteSize.OfStrings(ChildWatches);

    /// <inheritdoc/>
    public static SetWatches Read(ref JuteReader reader) => new(
        reader.ReadLong(),
        reader.ReadStrings() ?? [],
        reader.ReadStrings() ?? [],
        reader.ReadStrings() ?? []);

    /// <inheritdoc/>
    public void Write(ref JuteWriter writer)
    {
        writer.WriteLong(RelativeZxid);
        writer.WriteStrings(DataWatches);
        writer.WriteStrings(ExistWatches);
        writer.WriteStrings(ChildWatches);
    }
}
