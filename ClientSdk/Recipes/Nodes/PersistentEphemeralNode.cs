using System.Threading.Channels;
using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Recipes.Outcomes;
using OrleansKeeper.ClientSdk.Watches;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Recipes.Nodes;

/// <summary>
/// An ephemeral znode that is there as long as this object is, and the process: created again when its session expires or somebody deletes
/// it, with the data that was set last. One loop does everything: whenever the znode, the connection or the data may have changed it looks
/// at the znode, and makes it what it is to be. It believes a znode only if its <see cref="Stat.EphemeralOwner"/> is the session that the
/// client has now; one of an expired session is replaced. A znode that is not ephemeral is never touched: it is an error that
/// <see cref="WaitUntilCreatedAsync"/> reports. Parents that are missing are created, persistent. As Curator's PersistentNode with mode
/// EPHEMERAL, and its layout.
/// </summary>
public sealed class PersistentEphemeralNode : IAsyncDisposable
{
    private readonly IKeeperClient _client;
    private readonly PersistentEphemeralNodeOptions _options;
    private readonly EphemeralNodeKeeper _keeper;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<bool> _signal =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly Lock _gate = new();
    private TaskCompletionSource _there = NewSource();
    private DesiredData _desired;
    private long _announced;
    private Task? _running;
    private Exception? _ended;

    /// <summary>A node. Nothing happens before it is started.</summary>
    /// <param name="client">The client.</param>
    /// <param name="path">The znode.</param>
    /// <param name="data">Its data.</param>
    /// <param name="options">How it behaves.</param>
    public PersistentEphemeralNode(
        IKeeperClient client, string path, ReadOnlyMemory<byte> data = default, PersistentEphemeralNodeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrEmpty(path);
        _client = client;
        _options = options ?? new PersistentEphemeralNodeOptions();
        _desired = new DesiredData(data, previous: null);
        _keeper = new EphemeralNodeKeeper(client, path, _options);
        Path = path;
    }

    /// <summary>Raised after each creation, one call after the other, in order. Handlers must not block.</summary>
    public event EventHandler<NodeCreatedEventArgs>? Created;

    /// <summary>The znode.</summary>
    public string Path { get; }

    /// <summary>Begins to keep the znode there.</summary>
    /// <exception cref="InvalidOperationException">It was started before.</exception>
    public void Start()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, this);
            if (_running is not null)
                throw new InvalidOperationException($"The persistent ephemeral node {Path} was started before.");
            _client.StateChanged += OnStateChanged;
            _running = Task.Run(RunAsync);
        }
    }

    /// <summary>Waits until the znode is there, in the session of now.</summary>
    /// <exception cref="KeeperException">It cannot be created. The object goes on trying; the next call waits for that.</exception>
    /// <exception cref="ObjectDisposedException">This object was disposed.</exception>
    public Task WaitUntilCreatedAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            return _there.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Sets the data, of the znode as it is and of those to come. What others write into the znode stays until then.</summary>
    /// <returns>A task that completes when the znode has it, or data that was set even later. Cancelling only ends the waiting.</returns>
    /// <exception cref="ObjectDisposedException">This object was disposed.</exception>
    public Task SetDataAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, this);
            _desired = new DesiredData(data, _desired);
            if (_ended is not null)
                _desired.Fail(_ended);
            _signal.Writer.TryWrite(true);
            return _desired.Written.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Stops, and deletes the znode. While there is no connection the deletion waits for one, behind the scenes.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested)
                return;
            _stopping.Cancel();
        }

        _client.StateChanged -= OnStateChanged;
        if (_running is { } running)
            await running.ConfigureAwait(false);
        End(new ObjectDisposedException(nameof(PersistentEphemeralNode)));
        await _keeper.DeleteAsync().ConfigureAwait(false);
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static void Fault(TaskCompletionSource source, Exception exception)
    {
        source.TrySetException(exception);

        // Perhaps nobody waits for it.
        _ = source.Task.Exception;
    }

    private void OnStateChanged(object? sender, KeeperConnectionState state)
    {
        if (state is KeeperConnectionState.Lost or KeeperConnectionState.Expired)
        {
            lock (_gate)
            {
                if (_there.Task.IsCompletedSuccessfully)
                    _there = NewSource();
            }
        }

        _signal.Writer.TryWrite(true);
    }

    private async Task RunAsync()
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(20), _options.MaxRetryDelay, _options.TimeProvider);
        var watching = Task.CompletedTask;
        try
        {
            while (true)
            {
                try
                {
                    await _client.WaitUntilConnectedAsync(_stopping.Token).ConfigureAwait(false);
                    if (watching.IsCompleted)
                        watching = SignalChangesAsync(await OpenWatchAsync().ConfigureAwait(false));
                    await KeepAsync().ConfigureAwait(false);
                    backoff.Reset();
                    await _signal.Reader.ReadAsync(_stopping.Token).ConfigureAwait(false);
                }
                catch (Exception exception) when (exception is not (OperationCanceledException or ClientClosedException))
                {
                    if (exception is not KeeperException trouble || !trouble.IsPassing())
                        Report(exception);
                    await backoff.WaitAsync(_stopping.Token).ConfigureAwait(false);
                }
            }
        }
        catch (ClientClosedException exception)
        {
            End(exception);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }

        await watching.ConfigureAwait(false);
    }

    private Task<KeeperWatch> OpenWatchAsync() => _client.OpenWatchAsync(Path, WatchMode.Persistent, _stopping.Token);

    private async Task SignalChangesAsync(KeeperWatch watch)
    {
        await using (((IAsyncDisposable)watch).ConfigureAwait(false))
        {
            try
            {
                await foreach (var _ in watch.WithCancellation(_stopping.Token).ConfigureAwait(false))
                    _signal.Writer.TryWrite(true);
            }
            catch (Exception exception) when (exception is OperationCanceledException or KeeperException)
            {
            }
        }

        _signal.Writer.TryWrite(true);
    }

    private async Task KeepAsync()
    {
        DesiredData desired;
        lock (_gate)
        {
            desired = _desired;
        }

        if (await _keeper.KeepAsync(desired, _stopping.Token).ConfigureAwait(false) is not { } stat)
            return;

        if (stat.Czxid != _announced)
        {
            _announced = stat.Czxid;
            Created?.Invoke(this, new NodeCreatedEventArgs(Path, stat));
        }

        lock (_gate)
        {
            // Of a session that is over by now this would not be true; the loop looks again when the next one is there.
            if (_client.State == KeeperConnectionState.Connected && _client.Session.Id == stat.EphemeralOwner)
                _there.TrySetResult();
        }
    }

    private void End(Exception exception)
    {
        lock (_gate)
        {
            _ended = exception;
            _desired.Fail(exception);
            if (_there.Task.IsCompleted)
                _there = NewSource();
            Fault(_there, exception);
        }
    }

    private void Report(Exception exception)
    {
        lock (_gate)
        {
            var reported = _there;
            if (!reported.Task.IsCompleted)
                _there = NewSource();
            Fault(reported, exception);
        }
    }
}
