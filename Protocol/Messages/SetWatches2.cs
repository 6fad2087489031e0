using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>
/// The body of setWatches2: the watches a client had on its last connection, persistent ones too. Null vectors are read as empty.
/// </summary>
/// <param name="RelativeZxid">The last transaction the client has seen; what happened since is told at once.</param>
/// <param name="DataWatches">The paths with a data watch.</param>
/// <param name="ExistWatches">The paths with a watch for being created.</param>
/// <param name="ChildWatches">The paths with a child watch.</param>
/// <param name="PersistentWatches">The paths with a persistent watch.</param>
/// <param name="PersistentRecursiveWatches">The paths with a persistent watch of the whole subtree.</param>
public readonly record struct SetWatches2(
    long RelativeZxid,
    string[] DataWatches,
    string[] ExistWatches,
    string[] ChildWatches,
    string[] PersistentWatches,
    string[] PersistentRecursiveWatches) : IJuteRecord<SetWatches2>
{
    /// <inheritdoc/>
    public int Size => JuteSize.Long
        + JuteSize.OfStrings(DataWatches)
        + JuteSize.OfStrings(ExistWatches)
        + JuteSize.OfStrings(ChildWatches)
        + JuteSize.OfStrings(PersistentWatches)
        + JuteSize.OfStrings(PersistentRecursiveWatches);

    /// <inheritdoc/>
    public static SetWatches2 Read(ref JuteReader reader) => new(
        reader.ReadLong(),
        reader.ReadStrings() ?? [],
        reader.ReadStrings() ?? [],
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
        writer.WriteStrings(PersistentWatches);
        writer.WriteStrings(PersistentRecursiveWatches);
    }
}
