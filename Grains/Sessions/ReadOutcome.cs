namespace OrleansKeeper.Grains.Sessions;

/// <summary>What became of an attempt to answer a read.</summary>
/// <param name="State">Whether it is answered, or what it waits for.</param>
/// <param name="MissingPath">The znode to load, when it waits for one.</param>
internal readonly record struct ReadOutcome(ReadState State, string? MissingPath)
{
    public static readonly ReadOutcome Answered = new(ReadState.Answered, null);
    public static readonly ReadOutcome Unsettled = new(ReadState.Unsettled, null);
    public static readonly ReadOutcome NeedsSync = new(ReadState.NeedsSync, null);
    public static readonly ReadOutcome OutputFull = new(ReadState.OutputFull, null);

    public static ReadOutcome NeedsZNode(string path) => new(ReadState.NeedsZNode, path);

    public static ReadOutcome NeedsChildren(string path) => new(ReadState.NeedsChildren, path);
}
