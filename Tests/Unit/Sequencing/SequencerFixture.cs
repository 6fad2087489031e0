using Microsoft.Extensions.Logging.Abstractions;
using OrleansKeeper.GrainInterfaces;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Sequencing;
using OrleansKeeper.Grains.Storage;
using OrleansKeeper.Grains.Storage.Sqlite;
using OrleansKeeper.Grains.ZNodes;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Messages;
using OrleansKeeper.Tests.Unit.Replication;
using OrleansKeeper.Tests.Unit.Storage;

namespace OrleansKeeper.Tests.Unit.Sequencing;

/// <summary>A sequencer as a silo has it, over a log in a folder: epoch 1 is claimed and begun.</summary>
internal sealed class SequencerFixture : IDisposable, IAppendPressure
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteLogFixture _files;
    private readonly Replica _replica = new();
    private readonly LogAppender _appender;
    private readonly TransactionOrderer _orderer;
    private Submission? _lastSubmission;
    private long _lastNumber;

    private SequencerFixture(uint lastCounter)
    {
        _files = new SqliteLogFixture(_folder.Path);
        Log = new ControlledLog(_files.Log);
        LastZxid = lastCounter == 0 ? 0 : Zxid.Of(1, lastCounter);
        _replica.Begin(new(LastZxid, 0, 1), [], [], [], long.MaxValue);
        _replica.CompleteLoad(_replica.BeginLoad("/")!, ModelTree.Root);
        Sink = new RecordingSink(_replica);
        _appender = new LogAppender(Log, Sink, this, TimeProvider.System, NullLogger<LogAppender>.Instance);
        Sink.Recycle = _appender.Recycle;
        _appender.CaughtUp = CaughtUp.Add;
        _appender.Fenced = () => _orderer!.End();

        // Everything is in memory: no znode's grain is ever asked.
        var loader = new ZNodeLoader(null!, NullLogger<ZNodeLoader>.Instance);
        _orderer = new TransactionOrderer(_replica, _appender, loader, TimeProvider.System, NullLogger<TransactionOrderer>.Instance);
    }

    public ControlledLog Log { get; }

    public RecordingSink Sink { get; }

    /// <summary>The zxids up to which batches that were in doubt were applied.</summary>
    public List<long> CaughtUp { get; } = [];

    /// <summary>Whether there is room for more changes.</summary>
    public bool HasRoom { get; set; } = true;

    /// <summary>Number of changes that are ordered but not applied.</summary>
    public int Outstanding => _orderer.Outstanding;

    /// <summary>The end of the log when the sequencer began.</summary>
    private long LastZxid { get; }

    public static async Task<SequencerFixture> StartAsync(uint lastCounter = 0)
    {
        var fixture = new SequencerFixture(lastCounter);
        Assert.True(await fixture._files.Log.TryClaimEpochAsync(0, "test"));
        if (lastCounter > 0)
            fixture._files.Append(1, 0, new LogBatch(Zxid.Of(1, 1), fixture.LastZxid, new byte[1]));
        fixture._appender.Start(1, fixture.LastZxid, "test");
        fixture._orderer.Begin(1, fixture.LastZxid);
        return fixture;
    }

    public bool WaitForRoom() => HasRoom;

    /// <summary>Orders a create for each path, as one submission; returns the requests' numbers.</summary>
    public long[] Create(params string[] paths)
    {
        var requests = Array.ConvertAll(paths, path => new SubmittedRequest(
            ++_lastNumber, 0, OpCode.Create, ValidationFixture.Body(new CreateRequest(path, [1], [.. Acls.OpenUnsafe], 0)), []));
        _lastSubmission = new Submission("test", requests);
        _orderer.Order(1, _lastSubmission.Submitter, _lastSubmission.Requests);
        return Array.ConvertAll(requests, request => request.Number);
    }

    /// <summary>Orders the last submission again, as a silo sends it that did not hear whether it arrived; whether it was taken.</summary>
    public bool Repeat(int epoch) => _orderer.Order(epoch, _lastSubmission!.Submitter, _lastSubmission.Requests);

    /// <summary>Somebody else takes over.</summary>
    public async Task ClaimAsync(int expectedEpoch) => Assert.True(await _files.Log.TryClaimEpochAsync(expectedEpoch, "other"));

    public bool Exists(string path) => _replica.Find(path).Residency == Residency.Present;

    /// <summary>Appends what was ordered, ends the appender, and returns what the log holds.</summary>
    public async Task<List<LogBatch>> StopAsync()
    {
        Log.Release();
        _appender.Dispose();
        return await _files.ReadAsync();
    }

    public void Dispose()
    {
        Log.Release();
        _appender.Dispose();
        Log.Dispose();
        _files.Dispose();
        _folder.Dispose();
    }
}
