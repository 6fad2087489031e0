namespace OrleansKeeper.Grains.Storage;

/// <summary>What became of an append.</summary>
internal enum AppendOutcome
{
    /// <summary>The batch is durable.</summary>
    Appended,

    /// <summary>Another sequencer claimed the epoch: the batch is not in the log and its writer may not append any more.</summary>
    Fenced,

    /// <summary>The batch is not in the log (the disk is full, or failed); the same writer may try again.</summary>
    Failed,
}
