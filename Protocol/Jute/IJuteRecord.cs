namespace OrleansKeeper.Protocol.Jute;

/// <summary>A record of the protocol: its fields one after another, in the order of their declaration.</summary>
/// <typeparam name="TSelf">The record itself.</typeparam>
public interface IJuteRecord<TSelf> where TSelf : IJuteRecord<TSelf>
{
    /// <summary>The number of bytes that <see cref="Write"/> produces.</summary>
    int Size { get; }

    /// <summary>Writes the record.</summary>
    void Write(ref JuteWriter writer);

    /// <summary>Reads a record, or throws <see cref="JuteFormatException"/>.</summary>
    static abstract TSelf Read(ref JuteReader reader);
}
