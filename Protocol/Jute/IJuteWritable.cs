namespace OrleansKeeper.Protocol.Jute;

/// <summary>Something that can be written as jute.</summary>
public interface IJuteWritable
{
    /// <summary>The number of bytes that <see cref="Write"/> produces.</summary>
    int Size { get; }

    /// <summary>Writes it.</summary>
    void Write(ref JuteWriter writer);
}
