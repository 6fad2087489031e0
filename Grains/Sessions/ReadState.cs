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

    /// <summary>Znodes have to be loaded first.</summary>
    NeedsZNodes,

    /// <summary>The names of znodes' children have to be loaded first.</summary>
    NeedsChildren,

    /// <summary>The znodes below one have to be counted first.</summary>
    NeedsCount,
}
