namespace OrleansKeeper.Grains.Storage;

/// <summary>What became of an append.</summary>
internal enum AppendOutcome
{
    /// <summary>The batch is durable.</summary>
    Appended,

    /// <summary>Another sequencer claimed the epoch: the batch is not in the log and its writer may not append any more.</summary>
    Fenced,

    /// <summary>The batch is not in the log (the disk is full, or failed, or the database is away); the same writer may try again.</summary>
    Failed,

    /// <summary>
    /// The database was lost in the middle of the append and cannot be asked: the batch may be in the log. The same writer may try the next
    /// one, on the state without this one; if this one is in the log, that is answered with <see cref="Behind"/>.
    /// </summary>
    InDoubt,

    /// <summary>
    /// The batch is not in the log, because the log already goes on with one that was in doubt. The same writer reads what it has
    /// not seen before it appends again.
    /// </summary>
    Behind,
}
