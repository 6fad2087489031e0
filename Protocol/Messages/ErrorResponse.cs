using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>The reply to addWatch, and what stands for a failed operation in the results of a multi.</summary>
/// <param name="Error">The outcome.</param>
public readonly record struct ErrorResponse(ErrorCode Error) : IJuteRecord<ErrorResponse>
{
    /// <summary>The bytes the record takes.</summary>
    public const int WireSize = JuteSize.Int;

    /// <inheritdoc/>
    public int Size => WireSize;

    /// <inheritdoc/>
    public static ErrorResponse Read(ref JuteReader reader) => new((ErrorCode)reader.ReadInt());

    /// <inheritdoc/>
    public void Write(ref JuteWriter writer) => writer.WriteInt((int)Error);
}
