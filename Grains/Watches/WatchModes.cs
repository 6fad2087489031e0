namespace OrleansKeeper.Grains.Watches;

/// <summary>How a session watches a path; it may do so in several ways at once and still hears of each change once.</summary>
[Flags]
internal enum WatchModes : byte
{
    None = 0,

    /// <summary>Until the first event.</summary>
    Standard = 1,

    Persistent = 2,

    /// <summary>Persistent, and everything below as well.</summary>
    PersistentRecursive = 4,

    All = Standard | Persistent | PersistentRecursive,
}
