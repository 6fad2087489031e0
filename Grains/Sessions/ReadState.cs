namespace OrleansKeeper.Grains.Sessions;

/// <summary>Whether a read is answered, or what it waits for.</summary>
internal enum ReadState
{
    /// <summary>The reply is written.</summary>
    Answered,

    /// <summary>A transaction is being applied that may have missed the watch to be set: to be tried again when it is.</summary>
    Unsettled,

    /// <summary>The client does not take its replies: to be tried again when it does.</summary>
    OutputFull,

    /// <summary>This silo has to see first what was acknowledged anywhere.</summary>
    NeedsSync,

    /// <summary>A znode has to be loaded first.</summary>
    NeedsZNode,

    /// <summary>The names of a znode's children have to be loaded first.</summary>
    NeedsChildren,
}
