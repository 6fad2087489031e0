namespace OrleansKeeper.Grains.Sessions;

/// <summary>What became of an attempt to answer a read.</summary>
/// <param name="State">Whether it is answered, or what it waits for.</param>
/// <param name="MissingPaths">The znodes that it waits for: all of them, since it is answered anew from its beginning then.</param>
internal readonly record struct ReadOutcome(ReadState State, IReadOnlyList<string> MissingPaths)
{
    public static readonly ReadOutcome Answered = new(ReadState.Answered, []);
    public static readonly ReadOutcome Unsettled = new(ReadState.Unsettled, []);
    public static readonly ReadOutcome NeedsSync = new(ReadState.NeedsSync, []);
    public static readonly ReadOutcome OutputFull = new(ReadState.OutputFull, []);

    public static ReadOutcome NeedsCount(string path) => new(ReadState.NeedsCount, [path]);

    public static ReadOutcome NeedsZNodes(params IReadOnlyList<string> paths) => new(ReadState.NeedsZNodes, paths);

    public static ReadOutcome NeedsChildren(params IReadOnlyList<string> paths) => new(ReadState.NeedsChildren, paths);
}
