namespace OrleansKeeper.Tests.Interop.Differential;

/// <summary>The zxids that one session has seen. They are other numbers on each server, so a script names them instead.</summary>
public sealed class SessionZxids
{
    public long First { get; private set; }

    public long Last { get; private set; }

    /// <summary>What a burst means by "last" is what was seen before it, however many writes the burst takes.</summary>
    public SessionZxids Copy() => (SessionZxids)MemberwiseClone();

    public void Saw(long zxid)
    {
        if (zxid <= 0)
            return;
        if (First == 0)
            First = zxid;
        Last = Math.Max(Last, zxid);
    }

    public long Relative(string? name) => name switch
    {
        "first" => First,
        "last" => Last,
        _ => 0,
    };
}
