namespace OrleansKeeper.Benchmarks.Failover;

/// <summary>What happens to the silo with the sequencer.</summary>
internal enum FailoverFault
{
    /// <summary>SIGKILL: its connections end at once.</summary>
    Kill,

    /// <summary>SIGSTOP: it falls silent, and its connections stay.</summary>
    Stop,

    /// <summary>SIGTERM: it ends in good order.</summary>
    Term,
}
