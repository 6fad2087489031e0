using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>
/// The reply to multi and multiRead: results, each behind a <see cref="MultiHeader"/>, and a last header that says there are no more.
/// The header of the reply has no error even if operations failed.
/// </summary>
/// <param name="Results">The results, in the order of the operations.</param>
public readonly record struct MultiResponse(MultiResult[] Results) : IJuteRecord<MultiResponse>
{
    /// <inheritdoc/>
    public int Size
    {
        get
        {
            var size = MultiHeader.WireSize;
            foreach (var result in Results)
                size += MultiHeader.WireSize + result.BodySize;
            return size;
        }
    }

    /// <inheritdoc/>
    public static MultiResponse Read(ref JuteReader reader)
    {
        var results = new List<MultiResult>();
        for (var header = MultiHeader.Read(ref reader); !header.Done; header = MultiHeader.Read(ref reader))
            results.Add(MultiResult.ReadBody(header.Type, ref reader));
        return new([.. results]);
    }

    /// <inheritdoc/>
    public void Write(ref JuteWriter writer)
    {
        foreach (var result in Results)
        {
            new MultiHeader(result.Type, false, result.Error).Write(ref writer);
            result.WriteBody(ref writer);
        }

        MultiHeader.End.Write(ref writer);
    }
}
