namespace OrleansKeeper.ClientSdk.Recipes.Caching;

/// <summary>What a tree cache holds, and how it gets it.</summary>
public sealed record TreeCacheOptions
{
    /// <summary>How many levels below the cache's path are held: 0 for that znode alone, 1 for its children too. All levels unless set.</summary>
    public int MaxDepth { get; init; } = int.MaxValue;

    /// <summary>Whether a znode is held, by its path; what is below one that is not is not held either. All are unless set. Must always say the same of a path.</summary>
    public Func<string, bool>? AcceptChild { get; init; }

    /// <summary>Whether the children of a znode are held, by its path. All are unless set. Must always say the same of a path.</summary>
    public Func<string, bool>? TraverseChildren { get; init; }

    /// <summary>Whether data is held, or the Stat alone.</summary>
    public bool CacheData { get; init; } = true;

    /// <summary>How many reads are under way at once, while loading and while following.</summary>
    public int MaxConcurrentReads { get; init; } = 32;

    /// <summary>
    /// How many events wait for one reader. A reader that falls further behind loses none of the state: it is given the differences between what it knows and
    /// what the cache holds, and then <see cref="TreeCacheEventType.Resynchronized"/>.
    /// </summary>
    public int ReaderCapacity { get; init; } = 1024;

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
