using OrleansKeeper.Grains.Transactions;

namespace OrleansKeeper.Grains.Sequencing;

/// <summary>Ordered transactions of one epoch on their way to the log: as objects for the replica, and already encoded for the log.</summary>
internal sealed class OrderedBatch
{
    private readonly TransactionWriter _writer = new();

    public int Epoch { get; private set; }

    /// <summary>The zxid that it follows in the log; known when it is appended.</summary>
    public long PreviousZxid { get; set; }

    public List<Transaction> Transactions { get; } = [];

    public ReadOnlyMemory<byte> Payload => _writer.Payload;

    public int PayloadLength => _writer.Length;

    public long FirstZxid => Transactions[0].Zxid;

    public long LastZxid => Transactions[^1].Zxid;

    public void Add(Transaction transaction)
    {
        Epoch = Protocol.Zxid.EpochOf(transaction.Zxid);
        _writer.Write(transaction);
        Transactions.Add(transaction);
    }

    public void Clear()
    {
        _writer.Clear();
        Transactions.Clear();
    }
}
