namespace OrleansKeeper.GrainInterfaces.Attachments;

/// <summary>The paths that a client watches, by how it does, as ZooKeeper's setWatches2 groups them.</summary>
/// <param name="Data">One-shot, of znodes that existed: changed or deleted.</param>
/// <param name="Exists">One-shot, of znodes that did not exist: created.</param>
/// <param name="Children">One-shot, of the list of children.</param>
/// <param name="Persistent">Persistent.</param>
/// <param name="PersistentRecursive">Persistent, and everything below.</param>
[GenerateSerializer, Immutable, Alias("OrleansKeeper.WatchRegistrations")]
public sealed record WatchRegistrations(
    [property: Id(0)] string[] Data,
    [property: Id(1)] string[] Exists,
    [property: Id(2)] string[] Children,
    [property: Id(3)] string[] Persistent,
    [property: Id(4)] string[] PersistentRecursive)
{
    /// <summary>No watches.</summary>
    public static WatchRegistrations None { get; } = new([], [], [], [], []);

    /// <summary>Number of paths.</summary>
    public int Count => Data.Length + Exists.Length + Children.Length + Persistent.Length + PersistentRecursive.Length;
}
