namespace OrleansKeeper.Grains.Storage;

/// <summary>
/// The tables behind the log: znodes and sessions as of the checkpoint mark, some rows already as of the target (rule R7).
/// The log is trimmed only behind the mark, so the mark moves only when the rows are durable.
/// Writers pass their epoch; a write of an older epoch than the tables have seen is refused with <see cref="EpochFencedException"/>.
/// </summary>
internal interface IZNodeStore
{
    ValueTask<StoreMarks> ReadMarksAsync(CancellationToken cancellationToken = default);

    /// <summary>Notes that a checkpoint up to <paramref name="target"/> begins, before it writes its first row.</summary>
    ValueTask BeginCheckpointAsync(int epoch, long target, CancellationToken cancellationToken = default);

    /// <summary>
    /// Writes rows, each as of the target or older, in statements of bounded size. Rows in the order of the table's key are written fastest.
    /// </summary>
    ValueTask WriteZNodesAsync(int epoch, IReadOnlyList<ZNodeRow> rows, CancellationToken cancellationToken = default);

    /// <summary>Writes session rows.</summary>
    ValueTask WriteSessionsAsync(int epoch, IReadOnlyList<SessionRow> rows, CancellationToken cancellationToken = default);

    /// <summary>Moves the mark to <paramref name="target"/>. When this returns, all rows of the checkpoint and the mark are durable.</summary>
    ValueTask CompleteCheckpointAsync(int epoch, long target, long znodeCount, CancellationToken cancellationToken = default);

    /// <summary>Reads one znode, with the target as of the same moment.</summary>
    ValueTask<StoredZNode> ReadZNodeAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>Reads the names of a znode's children, with the target as of the same moment.</summary>
    ValueTask<StoredChildNames> ReadChildNamesAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>Reads the names of a znode's children, in no certain order, without holding them all in memory.</summary>
    /// <param name="path">The znode.</param>
    /// <param name="visit">Called with each name, on any thread.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>The target as of the same moment (rule R7).</returns>
    ValueTask<long> VisitChildNamesAsync(string path, Action<string> visit, CancellationToken cancellationToken = default);

    /// <summary>Reads the paths of all znodes below one, each once and in no certain order, without holding them all in memory.</summary>
    /// <param name="path">The znode above them; not the root.</param>
    /// <param name="visit">Called with each path, on any thread.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>The target as of the same moment (rule R7).</returns>
    ValueTask<long> VisitBelowAsync(string path, Action<string> visit, CancellationToken cancellationToken = default);

    /// <summary>Reads all rows of the session table.</summary>
    ValueTask<IReadOnlyList<SessionRow>> ReadSessionsAsync(CancellationToken cancellationToken = default);

    /// <summary>Reads the paths, owners and access control lists of all ephemeral znodes.</summary>
    ValueTask<IReadOnlyList<StoredEphemeral>> ReadEphemeralsAsync(CancellationToken cancellationToken = default);

    /// <summary>Reads the paths of all container and TTL znodes.</summary>
    ValueTask<IReadOnlyList<string>> ReadContainersAsync(CancellationToken cancellationToken = default);
}
