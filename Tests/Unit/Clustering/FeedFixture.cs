using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansKeeper.Grains.Clustering;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Sequencing;
using OrleansKeeper.Grains.Sessions;
using OrleansKeeper.Grains.Storage;
using OrleansKeeper.Grains.Transactions;
using OrleansKeeper.Protocol;
using OrleansKeeper.Tests.Unit.Storage;

namespace OrleansKeeper.Tests.Unit.Clustering;

/// <summary>
/// The receiving side of a silo, over a real log: transactions are failed creates, which change nothing and show by their zxids. What was
/// delivered is heard from a request of this silo in each of them.
/// </summary>
internal sealed class FeedFixture : IRequestOwner, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteLogFixture _files;
    private readonly UndecidedRequests _undecided = new();
    private readonly Lock _lock = new();
    private readonly List<long> _delivered = [];
    private readonly List<string> _rejected = [];

    public FeedFixture(TimeProvider? time = null)
    {
        _files = new SqliteLogFixture(_folder.Path);
        Replica.Begin(new(0, 0, 1), [], [], [], long.MaxValue);
        Feed = new CommitFeed(Replica, _undecided, new ClientSessionTable(Replica, null!), NullLogger<CommitFeed>.Instance);
        Feed.Start(0, _ => { });
        Feed.Begun = epoch => Begun.Add((epoch.Epoch, Replica.Watermark));
        Receiver = new FeedReceiver(
            Feed, _files.Log, Replica, _undecided, time ?? TimeProvider.System, NullLogger<FeedReceiver>.Instance);
        Receiver.Begin();
    }

    public static SiloAddress Holder { get; } = SiloAddress.New(IPAddress.Loopback, 11112, 1);

    public Replica Replica { get; } = new();

    public CommitFeed Feed { get; }

    public FeedReceiver Receiver { get; }

    /// <summary>The epochs that began here, with the watermark then.</summary>
    public List<(int Epoch, long Watermark)> Begun { get; } = [];

    public string Submitter => _undecided.Submitter;

    public bool IsGone => false;

    /// <summary>The zxids that were delivered, in order.</summary>
    public IReadOnlyList<long> Delivered
    {
        get
        {
            lock (_lock)
                return [.. _delivered];
        }
    }

    /// <summary>Number and error of each request that was rejected.</summary>
    public IReadOnlyList<string> Rejected
    {
        get
        {
            lock (_lock)
                return [.. _rejected];
        }
    }

    /// <summary>A transaction that changes nothing.</summary>
    public static Transaction FailedCreate(long zxid, RequestOrigin origin) => new()
    {
        Zxid = zxid,
        Time = 1,
        SessionId = 0,
        Origin = origin,
        Operation = OpCode.Create,
        Error = ErrorCode.NoNode,
    };

    public void Decided(PendingRequest request, Grains.Watches.DeliveryRound round)
    {
        lock (_lock)
        {
            if (request.Decision is { } transaction)
                _delivered.Add(transaction.Zxid);
            else
                _rejected.Add($"{request.Number} {request.Rejection}");
        }
    }

    public void GivenUp(PendingRequest request) => throw new InvalidOperationException("This silo's own requests are waited for.");

    /// <summary>Makes requests of this silo, numbered from 1 on, that wait for their decisions.</summary>
    public void Request(int count)
    {
        for (var i = 0; i < count; i++)
            _undecided.Add(new PendingRequest(this, 0, OpCode.Create, ReadOnlyMemory<byte>.Empty));
    }

    /// <summary>A batch of one transaction, which answers a request of this silo.</summary>
    public FeedBatch Batch(long previousZxid, long zxid, long number)
    {
        var writer = new TransactionWriter();
        writer.Write(FailedCreate(zxid, new RequestOrigin(Submitter, number)));
        return new FeedBatch(previousZxid, zxid, writer.Payload.ToArray());
    }

    /// <summary>Puts a batch into the log, as the sequencer's silo does before it sends it.</summary>
    public async Task LogAsync(int epoch, FeedBatch batch)
    {
        while ((await _files.Log.ReadLedgerAsync()).Epoch is var claimed && claimed < epoch)
            Assert.True(await _files.Log.TryClaimEpochAsync(claimed, "test"));
        var logged = new LogBatch(batch.LastZxid, batch.LastZxid, batch.Payload);
        Assert.Equal(AppendOutcome.Appended, _files.Log.Append(epoch, batch.PreviousZxid, logged, out _));
    }

    public Task<FeedReply> ReceiveAsync(int epoch, long baseZxid, params FeedBatch[] batches) =>
        Receiver.ReceiveAsync(new FeedMessage(new EpochBeginning(epoch, Holder, baseZxid), batches, [], false, 0));

    public void Dispose()
    {
        Feed.Dispose();
        _files.Dispose();
        _folder.Dispose();
    }
}
