namespace OrleansKeeper.Grains.Watches;

/// <summary>Which of the two tables a watch is in.</summary>
internal enum WatchKind : byte
{
    /// <summary>Of the znode itself: set by exists, getData and addWatch.</summary>
    Data,

    /// <summary>Of its children: set by getChildren and addWatch.</summary>
    Children,
}
