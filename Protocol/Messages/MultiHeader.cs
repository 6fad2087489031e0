using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>What stands in front of each operation or result of a multi, and behind the last.</summary>
/// <param name="Type">The operation, or the kind of result.</param>
/// <param name="Done">Whether this is the end, with nothing behind it.</param>
/// <param name="Error">The outcome, in results; -1 in requests.</param>
public readonly record struct MultiHeader(OpCode Type, bool Done, ErrorCode Error) : IJuteRecord<MultiHeader>
{
    /// <summary>The bytes the record takes.</summary>
    public const int WireSize = 2 * JuteSize.Int + JuteSize.Byte;

    internal const ErrorCode NoError = (ErrorCode)(-1);

    /// <summary>The header behind the last operation or result.</summary>
    public static MultiHeader End => new(OpCode.Error, true, NoError);

    /// <inheritdoc/>
    public int Size => WireSize;

    /// <inheritdoc/>
    public static MultiHeader Read(ref JuteReader reader) => new(
        (OpCode)reader.ReadInt(),
        reader.ReadBoolean(),
        (ErrorCode)reader.ReadInt());

    /// <inheritdoc/>
    public void Write(ref JuteWriter writer)
    {
        writer.WriteInt((int)Type);
        writer.WriteBoolean(Done);
        writer.WriteInt((int)Error);
    }
}
