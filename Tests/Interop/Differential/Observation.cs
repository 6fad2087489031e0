namespace OrleansKeeper.Tests.Interop.Differential;

/// <summary>
/// Something a session saw, in a form that two servers can be compared by: text without times, session ids and zxids, and the
/// zxids apart, because only their order has to agree.
/// </summary>
public sealed record Observation(string Text, IReadOnlyList<long> Zxids, bool IsEvent = false)
{
    /// <summary>The server did not answer, or not with what can be read.</summary>
    public bool IsFailure { get; init; }

    public override string ToString() =>
        Zxids.Count == 0 ? Text : $"{Text}  [{string.Join(' ', Zxids.Select(zxid => $"0x{zxid:x}"))}]";
}
