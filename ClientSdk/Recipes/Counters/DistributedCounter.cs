using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Recipes.Outcomes;

namespace OrleansKeeper.ClientSdk.Recipes.Counters;

/// <summary>
/// A number that many clients change, one change after the other, none lost and none counted twice. Each change is a conditional write from the
/// last known version; when another client's change came first it waits a short random time, reads, and tries again. A change whose answer was lost
/// is looked for; what cannot be found out ends as a <see cref="KeeperException"/> whose outcome is unknown, never as a second count. A change that
/// was cancelled before it was sent did not happen; once it is sent its answer is waited for. Safe to use from many threads: an object makes one change
/// at a time. The layout is that of kazoo's Counter (decimal ASCII), not of Curator's DistributedAtomicLong (8 bytes). The znode is
/// created, persistent, with the first change.
/// </summary>
public sealed class DistributedCounter
{
    private readonly IKeeperClient _client;
    private readonly DistributedCounterOptions _options;
    private readonly ConditionalWrite _write;
    private readonly SemaphoreSlim _oneChange = new(1);
    private CounterState? _last;

    /// <summary>A counter.</summary>
    /// <param name="client">The client.</param>
    /// <param name="path">The counter's znode.</param>
    /// <param name="options">How it behaves.</param>
    public DistributedCounter(IKeeperClient client, string path, DistributedCounterOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrEmpty(path);
        _client = client;
        _options = options ?? new DistributedCounterOptions();
        Path = path;
        var receipts = _options.ReceiptsPath is { } folder ? new ReceiptBook(client, folder, _options.TimeProvider) : null;
        _write = new ConditionalWrite(client, path, receipts, _options.TimeProvider);
    }

    /// <summary>The counter's znode.</summary>
    public string Path { get; }

    /// <summary>The value; 0 while there is no znode. To see every change that was acknowledged to others, call <see cref="IKeeperClient.SyncAsync"/> before.</summary>
    /// <exception cref="InvalidDataException">The znode's data is not a number.</exception>
    public async Task<long> GetAsync(CancellationToken cancellationToken = default)
    {
        var found = await _client.UntilAnsweredAsync(
            () => _client.FindAsync(Path, cancellationToken), _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        return found is { } content ? CounterText.Parse(Path, content.Data.Span) : 0;
    }

    /// <summary>Adds 1.</summary>
    /// <returns>The value that this change led to; no other change led to it in the same step.</returns>
    public Task<long> IncrementAsync(CancellationToken cancellationToken = default) => AddAsync(1, cancellationToken);

    /// <summary>Subtracts 1.</summary>
    /// <returns>The value that this change led to.</returns>
    public Task<long> DecrementAsync(CancellationToken cancellationToken = default) => AddAsync(-1, cancellationToken);

    /// <summary>Adds a number.</summary>
    /// <returns>The value that this change led to.</returns>
    /// <exception cref="OverflowException">The value would not fit into 64 bits; it is unchanged.</exception>
    /// <exception cref="InvalidDataException">The znode's data is not a number.</exception>
    public async Task<long> AddAsync(long delta, CancellationToken cancellationToken = default) =>
        (await ChangeAsync(value => checked(value + delta), cancellationToken).ConfigureAwait(false))!.Value;

    /// <summary>Sets the value, whatever it is.</summary>
    public Task SetAsync(long value, CancellationToken cancellationToken = default) => ChangeAsync(_ => value, cancellationToken);

    /// <summary>Sets the value if it is the expected one.</summary>
    /// <returns>Whether it was.</returns>
    public async Task<bool> CompareAndSetAsync(long expected, long value, CancellationToken cancellationToken = default) =>
        await ChangeAsync(current => current == expected ? value : null, cancellationToken).ConfigureAwait(false) is not null;

    // The change is a function from the value to the next one; null leaves it, provided that the value was read and not remembered.
    private async Task<long?> ChangeAsync(Func<long, long?> change, CancellationToken cancellationToken)
    {
        await _oneChange.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var backoff = new Backoff(_options.ContentionDelay, _options.MaxContentionDelay, _options.TimeProvider);
            while (true)
            {
                var remembered = _last is not null;
                var state = _last ?? await ReadAsync(cancellationToken).ConfigureAwait(false);
                _last = null;
                if (NextValue(change, state.Value, remembered) is { } value)
                {
                    if (await TryWriteAsync(state, value, cancellationToken).ConfigureAwait(false))
                        return value;

                    // What was remembered was merely old: that is no contention yet.
                    if (!remembered)
                        await backoff.WaitAsync(cancellationToken).ConfigureAwait(false);
                }
                else if (!remembered)
                {
                    return null;
                }
            }
        }
        finally
        {
            _oneChange.Release();
        }
    }

    private static long? NextValue(Func<long, long?> change, long value, bool remembered)
    {
        try
        {
            return change(value);
        }
        catch (OverflowException) when (remembered)
        {
            return null;
        }
    }

    private async Task<bool> TryWriteAsync(CounterState state, long value, CancellationToken cancellationToken)
    {
        try
        {
            var result = await _write.TrySetAsync(CounterText.Format(value), state.Version, cancellationToken).ConfigureAwait(false);
            if (result.Happened)
                _last = new CounterState(value, state.Version + 1);
            return result.Happened;
        }
        catch (NoNodeException)
        {
            // It was deleted after it was read; reading creates it.
            return false;
        }
    }

    private async Task<CounterState> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var found = await _client.UntilAnsweredAsync(
                () => _client.FindAsync(Path, cancellationToken), _options.TimeProvider, cancellationToken).ConfigureAwait(false);
            if (found is { } content)
                return new CounterState(CounterText.Parse(Path, content.Data.Span), content.Stat.Version);

            await _client.UntilAnsweredAsync(
                () => _client.EnsurePathAsync(Path, cancellationToken), _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }
}
