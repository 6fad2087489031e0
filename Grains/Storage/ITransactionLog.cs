namespace OrleansKeeper.Grains.Storage;

/// <summary>
/// The durable order of all transactions: the truth of the service. Fenced (rule R3): an append succeeds only while the ledger
/// still holds the writer's epoch and the last zxid that the writer expects, checked in the statement that appends.
/// </summary>
internal interface ITransactionLog
{
    /// <summary>Reads the ledger.</summary>
    ValueTask<Ledger> ReadLedgerAsync(CancellationToken cancellationToken = default);

    /// <summary>Claims <c>expectedEpoch + 1</c> for <paramref name="holder"/>, if the ledger still holds the expected epoch.</summary>
    ValueTask<bool> TryClaimEpochAsync(int expectedEpoch, string holder, CancellationToken cancellationToken = default);

    /// <summary>
    /// Makes ready what a claim needs, so that <see cref="TryClaimEpochAsync"/> takes as long as its statement does: whoever may have to take
    /// over calls this every few seconds. It costs little when everything is ready, notices a connection that broke meanwhile and opens
    /// another, and holds up neither claims nor appends.
    /// </summary>
    /// <returns>False when the database is away; a later call finds out when it is back.</returns>
    ValueTask<bool> PrepareToClaimAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Zxid of the last transaction in the log: everything that was appended before this was called is up to it, whoever appended it.
    /// </summary>
    /// <exception cref="PostgreSql.DatabaseUnavailableException">The database cannot be asked.</exception>
    ValueTask<long> ReadLastZxidAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Appends a batch and returns when it is durable. Blocks: it is called by the appender, on a thread of its own, one call at a time.
    /// An append whose outcome is unknown at first is settled by reading the ledger before this returns; where that cannot be read in
    /// time either, the outcome is <see cref="AppendOutcome.InDoubt"/>.
    /// </summary>
    /// <param name="epoch">The writer's epoch.</param>
    /// <param name="previousZxid">The last zxid that the writer knows to be in the log.</param>
    /// <param name="batch">What to append.</param>
    /// <param name="failure">Why it failed, for the log and the operator; null unless <see cref="AppendOutcome.Failed"/> or in doubt.</param>
    AppendOutcome Append(int epoch, long previousZxid, in LogBatch batch, out Exception? failure);

    /// <summary>
    /// The batches that end behind <paramref name="zxid"/>, in order, each checked against its checksum and against its predecessor.
    /// </summary>
    /// <exception cref="LogCorruptedException">A row's checksum does not match, or zxids are missing.</exception>
    /// <exception cref="LogTrimmedException">The log does not reach back to the zxid, or was trimmed under the reader.</exception>
    IAsyncEnumerable<LogBatch> ReadAfterAsync(long zxid, CancellationToken cancellationToken = default);

    /// <summary>Zxid of the last transaction of the epochs before this one; 0 when the log holds none.</summary>
    ValueTask<long> ReadLastBeforeAsync(int epoch, CancellationToken cancellationToken = default);

    /// <summary>
    /// Removes batches whose last zxid is at most <paramref name="zxid"/>, in bounded steps; the last one always stays, and a provider
    /// that knows the checkpoint mark keeps what is behind that as well.
    /// </summary>
    ValueTask TrimAsync(long zxid, CancellationToken cancellationToken = default);
}
