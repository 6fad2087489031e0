using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>
/// The body of multi and multiRead: operations, each behind a <see cref="MultiHeader"/>, and a last header that says there are no more.
/// </summary>
/// <param name="Operations">The operations: all of them writes, or all of them reads. There may be none.</param>
public readonly record struct MultiRequest(MultiOperation[] Operations) : IJuteRecord<MultiRequest>
{
    /// <summary>Whether the operations are reads.</summary>
    public bool IsRead => Operations is [{ IsRead: true }, ..];

    /// <inheritdoc/>
    public int Size
    {
        get
        {
            var size = MultiHeader.WireSize;
            foreach (var operation in Operations)
                size += MultiHeader.WireSize + operation.BodySize;
            return size;
        }
    }

    /// <inheritdoc/>
    public static MultiRequest Read(ref JuteReader reader)
    {
        var operations = new List<MultiOperation>();
        for (var header = MultiHeader.Read(ref reader); !header.Done; header = MultiHeader.Read(ref reader))
        {
            var operation = MultiOperation.ReadBody(header.Type, ref reader);
            if (operations.Count > 0 && operations[0].IsRead != operation.IsRead)
                throw new JuteFormatException("A multi mixes reads and writes.");
            operations.Add(operation);
        }

        return new([.. operations]);
    }

    /// <inheritdoc/>
    public void Write(ref JuteWriter writer)
    {
        foreach (var operation in Operations)
        {
            new MultiHeader(operation.Type, false, MultiHeader.NoError).Write(ref writer);
            operation.WriteBody(ref writer);
        }

        MultiHeader.End.Write(ref writer);
    }
}
