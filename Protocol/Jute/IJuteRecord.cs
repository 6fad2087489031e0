namespace OrleansKeeper.Protocol.Jute;

/// <summary>A record of the protocol: its fields one after another, in the order of their declaration.</summary>
/// <typeparam name="TSelf">The record itself.</typeparam>
public interface IJuteRecord<TSelf> : IJuteWritable where TSelf : IJuteRecord<TSelf>
{
    /// <summary>Reads a record, or throws <see cref="JuteFormatException"/>.</summary>
    static abstract TSelf Read(ref JuteReader reader);
}
