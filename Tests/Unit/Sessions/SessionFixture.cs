using Microsoft.Extensions.Options;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansKeeper.Grains;
using OrleansKeeper.Grains.Clustering;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Security;
using OrleansKeeper.Grains.Sequencing;
using OrleansKeeper.Grains.Sessions;
using OrleansKeeper.Grains.Transactions;
using OrleansKeeper.Grains.ZNodes;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Jute;
using OrleansKeeper.Protocol.Messages;
using OrleansKeeper.Tests.Unit.Clustering;
using OrleansKeeper.Tests.Unit.Replication;
using OrleansKeeper.Tests.Unit.Storage;

namespace OrleansKeeper.Tests.Unit.Sessions;

/// <summary>Sessions over the whole engine of a silo, but for its znodes' grains: some are cold, and are loaded when a test says so.</summary>
internal sealed class SessionFixture : IDisposable, IAppendPressure
{
    private const int ColdBytes = 10_000;

    private readonly TemporaryFolder _folder = new();
    private readonly SqliteLogFixture _files;
    private readonly Replica _replica = new();
    private readonly LogAppender _appender;
    private readonly CommitFeed _feed;
    private readonly SubmitQueue _submitQueue;
    private readonly LedgerSync _sync;
    private readonly LoneSilo _silos = new();
    private readonly ZNodeLoader _loader;
    private readonly DescendantCounter _counter;
    private long _lastSessionId;

    private SessionFixture(long cacheBytes)
    {
        _files = new SqliteLogFixture(_folder.Path);
        Log = new ControlledLog(_files.Log);
        _replica.Begin(new(0, 0, 2), [], [], [], cacheBytes);
        _replica.CompleteLoad(_replica.BeginLoad("/")!, ModelTree.Root.WithChildCreated(0));
        _replica.CompleteLoadOfChildren(_replica.BeginLoad("/")!, ["cold", "colder", "coldest"]);
        _loader = new ZNodeLoader(ColdZNode.Factory, NullLogger<ZNodeLoader>.Instance);
        _counter = new DescendantCounter(_replica, null!, NullLogger<DescendantCounter>.Instance);
        var undecided = new UndecidedRequests();
        _feed = new CommitFeed(_replica, undecided, new ClientSessionTable(_replica, null!), NullLogger<CommitFeed>.Instance);
        _appender = new LogAppender(Log, _feed, this, TimeProvider.System, NullLogger<LogAppender>.Instance);
        var orderer = new TransactionOrderer(_replica, _appender, _loader, TimeProvider.System, NullLogger<TransactionOrderer>.Instance);
        _submitQueue = new SubmitQueue(undecided, orderer, _silos, TimeProvider.System);
        _sync = new LedgerSync(Log, _replica, TimeProvider.System, NullLogger<LedgerSync>.Instance);
        _feed.Start(0, _appender.Recycle);
        _appender.Start(1, 0, "test");
        orderer.Begin(1, 0);
        BeginEpoch(1);
    }

    public ControlledLog Log { get; }

    /// <summary>The grain of <c>/cold</c>, <c>/colder</c> and <c>/coldest</c>.</summary>
    public ScriptedZNodeGrain ColdZNode { get; } = new();

    public static async Task<SessionFixture> StartAsync(long cacheBytes = long.MaxValue)
    {
        var fixture = new SessionFixture(cacheBytes);
        Assert.True(await fixture._files.Log.TryClaimEpochAsync(0, "test"));
        return fixture;
    }

    /// <summary>Opens a session on a connection of its own.</summary>
    public async Task<TestSession> OpenAsync()
    {
        var sessionId = ++_lastSessionId;
        var opening = SessionOpeningCodec.Write(new SessionOpening(new byte[32], 60_000));
        await SessionlessRequest.Submit(_submitQueue, OpCode.CreateSession, opening, sessionId).Transaction;
        var output = new RecordingOutput();
        var reads = new SessionReads(_replica, Options.Create(new KeeperOptions()));
        var session = new ClientSession(sessionId, 60_000, "127.0.0.1", output, reads, _submitQueue, _loader, _counter, _sync, TimeProvider.System);
        return new TestSession(session, output, _submitQueue);
    }

    /// <summary>Submits what is undecided to the sequencer of an epoch.</summary>
    public void BeginEpoch(int epoch) => _submitQueue.Begin(new EpochBeginning(epoch, _silos.Self, 0));

    public async Task CreateAsync(string path, byte[] data)
    {
        var create = JuteRecords.ToArray(new CreateRequest(path, data, [.. Acls.OpenUnsafe], 0));
        Assert.Equal(ErrorCode.Ok, (await SessionlessRequest.Submit(_submitQueue, OpCode.Create, create).Transaction).Error);
    }

    /// <summary>Brings the cold znode into memory, whoever waits for its grain.</summary>
    public void BringInColdZNode()
    {
        var row = ZNode.Create(0, 0, ZNodeKind.Persistent, 0, AccessControlList.OpenUnsafe, new byte[ColdBytes]);
        _replica.CompleteLoad(_replica.BeginLoad("/cold")!, row);
    }

    public bool WaitForRoom() => true;

    public void Dispose()
    {
        Log.Release();
        _appender.Dispose();
        _feed.Dispose();
        _counter.Dispose();
        Log.Dispose();
        _files.Dispose();
        _folder.Dispose();
    }
}
