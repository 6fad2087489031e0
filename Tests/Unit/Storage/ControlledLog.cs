using OrleansKeeper.Grains.Storage;

namespace OrleansKeeper.Tests.Unit.Storage;

/// <summary>A log whose appends the test can hold up and have fail, as a full disk would; all others reach the log behind it.</summary>
internal sealed class ControlledLog(ITransactionLog log) : ITransactionLog, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Lock _lock = new();
    private readonly ManualResetEventSlim _passing = new(initialState: true);
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly List<string> _calls = [];
    private int _failuresLeft;
    private int _passesLeft;
    private bool? _doubtIsFounded;
    private long _zxidInDoubt;

    /// <summary>What was done to the log so far: <c>claim 2</c>, <c>append 100000001-100000003</c>, <c>fail 100000001-100000001</c>.</summary>
    public IReadOnlyList<string> Calls
    {
        get
        {
            lock (_lock)
                return [.. _calls];
        }
    }

    /// <summary>Has the next appends fail.</summary>
    public void FailNext(int appends) => Volatile.Write(ref _failuresLeft, appends);

    /// <summary>Leaves the outcome of the next append in doubt, as a database does that goes away in the middle.</summary>
    /// <param name="isAppended">What it is in truth.</param>
    public void LeaveNextInDoubt(bool isAppended) => _doubtIsFounded = isAppended;

    /// <summary>Holds appends up until <see cref="Release"/>.</summary>
    public void Hold() => _passing.Reset();

    public void Release() => _passing.Set();

    /// <summary>Lets the append through that is held up, and holds the next one up.</summary>
    public void ReleaseOne()
    {
        Volatile.Write(ref _passesLeft, 1);
        _passing.Set();
    }

    /// <summary>Returns when the appender has come with its next batch since this was last called.</summary>
    public void AwaitAppend() => Assert.True(_arrived.Wait(Patience), "Nothing was appended in time.");

    public ValueTask<Ledger> ReadLedgerAsync(CancellationToken cancellationToken = default) => log.ReadLedgerAsync(cancellationToken);

    public async ValueTask<bool> TryClaimEpochAsync(int expectedEpoch, string holder, CancellationToken cancellationToken = default)
    {
        Record($"claim {expectedEpoch + 1}");
        return await log.TryClaimEpochAsync(expectedEpoch, holder, cancellationToken);
    }

    public ValueTask<bool> PrepareToClaimAsync(CancellationToken cancellationToken = default) => log.PrepareToClaimAsync(cancellationToken);

    public ValueTask<long> ReadLastZxidAsync(CancellationToken cancellationToken = default) => log.ReadLastZxidAsync(cancellationToken);

    public AppendOutcome Append(int epoch, long previousZxid, in LogBatch batch, out Exception? failure)
    {
        _arrived.Release();
        _passing.Wait(Patience);
        if (Interlocked.Exchange(ref _passesLeft, 0) > 0)
            _passing.Reset();
        var zxids = $"{batch.FirstZxid:x}-{batch.LastZxid:x}";
        if (Volatile.Read(ref _failuresLeft) > 0)
        {
            _failuresLeft--;
            Record("fail " + zxids);
            failure = new IOException("No space left on device.");
            return AppendOutcome.Failed;
        }

        if (previousZxid < _zxidInDoubt)
        {
            Record("behind " + zxids);
            failure = null;
            return AppendOutcome.Behind;
        }

        if (_doubtIsFounded is { } isAppended)
        {
            _doubtIsFounded = null;
            Record("doubt " + zxids);
            if (isAppended)
                Assert.Equal(AppendOutcome.Appended, log.Append(epoch, previousZxid, batch, out _));
            _zxidInDoubt = isAppended ? batch.LastZxid : 0;
            failure = new IOException("The database is away.");
            return AppendOutcome.InDoubt;
        }

        Record("append " + zxids);
        return log.Append(epoch, previousZxid, batch, out failure);
    }

    public IAsyncEnumerable<LogBatch> ReadAfterAsync(long zxid, CancellationToken cancellationToken = default) =>
        log.ReadAfterAsync(zxid, cancellationToken);

    public ValueTask<long> ReadLastBeforeAsync(int epoch, CancellationToken cancellationToken = default) =>
        log.ReadLastBeforeAsync(epoch, cancellationToken);

    public ValueTask TrimAsync(long zxid, CancellationToken cancellationToken = default) => log.TrimAsync(zxid, cancellationToken);

    public void Dispose()
    {
        _passing.Dispose();
        _arrived.Dispose();
    }

    private void Record(string call)
    {
        lock (_lock)
            _calls.Add(call);
    }
}
