using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace OrleansKeeper.ClientSdk.Connections;

/// <summary>
/// What the client knows of its connection and session, for those who ask and those who listen. The session is lost when nothing was heard from the
/// service for its timeout, counted from when the client last sent what was answered: the service counts from later.
/// </summary>
internal sealed partial class ConnectionStatus : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _lossTimer;
    private readonly Channel<KeeperConnectionState> _changes = Channel.CreateUnbounded<KeeperConnectionState>(
        new UnboundedChannelOptions { SingleReader = true });

    private readonly Task _raising;
    private CancellationTokenSource _lost = new();
    private long _heardAt;

    public ConnectionStatus(TimeProvider time, ILogger logger)
    {
        _time = time;
        _logger = logger;
        _lossTimer = time.CreateTimer(_ => CheckLoss(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Session = new KeeperSession(0, TimeSpan.Zero, _lost.Token);
        _raising = Task.Run(RaiseAsync);
    }

    public event Action<KeeperConnectionState>? Changed;

    public KeeperConnectionState State { get; private set; }

    public KeeperSession Session { get; private set; }

    /// <summary>How long ago the client last sent something that was answered.</summary>
    public TimeSpan SinceHeard => _time.GetElapsedTime(Volatile.Read(ref _heardAt));

    /// <summary>The service answered something that was sent then.</summary>
    public void Heard(long sentAt)
    {
        lock (_lock)
            _heardAt = Math.Max(_heardAt, sentAt);
    }

    /// <summary>The session is alive: it was when this was sent.</summary>
    public void Connected(long sessionId, TimeSpan timeout, long sentAt)
    {
        lock (_lock)
        {
            if (State == KeeperConnectionState.Closed)
                return;

            _heardAt = Math.Max(_heardAt, sentAt);
            if (Session.Id != sessionId || Session.Timeout != timeout || _lost.IsCancellationRequested)
            {
                // Whoever still has the session before it hears of its end.
                Lose();
                _lost = new CancellationTokenSource();
                Session = new KeeperSession(sessionId, timeout, _lost.Token);
            }

            Set(KeeperConnectionState.Connected);
            ArmLossTimer();
        }
    }

    /// <summary>The connection is lost for now.</summary>
    public void Suspend()
    {
        lock (_lock)
        {
            if (State == KeeperConnectionState.Connected)
                Set(KeeperConnectionState.Suspended);
        }
    }

    /// <summary>The service says that the session has expired.</summary>
    public void Expire()
    {
        lock (_lock)
        {
            if (State == KeeperConnectionState.Closed)
                return;

            Lose();
            Set(KeeperConnectionState.Expired);
        }
    }

    /// <summary>The client is closed.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            Lose();
            Set(KeeperConnectionState.Closed);
            _changes.Writer.TryComplete();
        }

        await _lossTimer.DisposeAsync().ConfigureAwait(false);
        await _raising.ConfigureAwait(false);
    }

    /// <summary>Calls a handler. Its own mistake keeps no other from hearing of the change, or of the next one.</summary>
    public void Tell(Action<KeeperConnectionState> handler, KeeperConnectionState state)
    {
        try
        {
            handler(state);
        }
        catch (Exception exception)
        {
            LogHandlerFailed(state, exception);
        }
    }

    private void Set(KeeperConnectionState state)
    {
        if (State == state)
            return;

        State = state;
        _changes.Writer.TryWrite(state);
    }

    private void ArmLossTimer()
    {
        var rest = Session.Timeout - SinceHeard;
        _lossTimer.Change(rest > TimeSpan.Zero ? rest : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private void CheckLoss()
    {
        lock (_lock)
        {
            if (State is not (KeeperConnectionState.Connected or KeeperConnectionState.Suspended))
                return;

            if (SinceHeard < Session.Timeout)
            {
                ArmLossTimer();
                return;
            }

            Lose();
            Set(KeeperConnectionState.Lost);
        }
    }

    /// <summary>Whoever listens runs elsewhere: this is under the lock.</summary>
    private void Lose()
    {
        var lost = _lost;
        if (!lost.IsCancellationRequested)
            _ = lost.CancelAsync();
    }

    private async Task RaiseAsync()
    {
        await foreach (var state in _changes.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            foreach (var handler in Delegate.EnumerateInvocationList(Changed))
                Tell(handler, state);
        }
    }

    [LoggerMessage(LogLevel.Error, "A handler of the change to {State} failed.")]
    private partial void LogHandlerFailed(KeeperConnectionState state, Exception exception);
}
