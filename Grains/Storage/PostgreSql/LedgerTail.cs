namespace OrleansKeeper.Grains.Storage.PostgreSql;

/// <summary>The ledger's row with the log's last row, as one statement saw them.</summary>
/// <param name="Epoch">The epoch that was claimed last.</param>
/// <param name="Writer">Who claimed it.</param>
/// <param name="Connection">The writer's connection that may append.</param>
/// <param name="LastZxid">Zxid of the last transaction in the log.</param>
/// <param name="FirstZxid">First zxid of the log's last row; 0 when there is none.</param>
/// <param name="Checksum">Checksum of the log's last row; 0 when there is none.</param>
internal readonly record struct LedgerTail(int Epoch, long Writer, long Connection, long LastZxid, long FirstZxid, long Checksum)
{
    /// <summary>Whether the log ends with this batch.</summary>
    public bool Is(in IdentifiedBatch batch) =>
        LastZxid == batch.LastZxid && FirstZxid == batch.FirstZxid && Checksum == batch.Checksum;
}
