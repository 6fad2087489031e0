using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Recipes.Outcomes;
using OrleansKeeper.ClientSdk.Transactions;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Recipes.Values;

/// <summary>Sets a shared value: creates its znode, or changes it.</summary>
internal sealed class SharedValueWriter
{
    private readonly IKeeperClient _client;
    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly CreateOptions _createOptions;
    private readonly ReceiptBook? _receipts;
    private readonly ConditionalWrite _write;

    public SharedValueWriter(IKeeperClient client, string path, SharedValueOptions options)
    {
        _client = client;
        _path = path;
        _time = options.TimeProvider;
        _createOptions = new CreateOptions { Acl = options.Acl };
        _receipts = options.ReceiptsPath is { } folder ? new ReceiptBook(client, folder, _time) : null;
        _write = new ConditionalWrite(client, path, _receipts, _time);
    }

    /// <summary>Sets the data if the znode has this version, or is absent as expected.</summary>
    /// <returns>The value as set; null when it has another version.</returns>
    public async Task<SharedValueSnapshot?> TrySetAsync(ReadOnlyMemory<byte> data, int expectedVersion, CancellationToken cancellationToken)
    {
        var result = expectedVersion == SharedValueSnapshot.Absent
            ? await TryCreateAsync(data, cancellationToken).ConfigureAwait(false)
            : await TryChangeAsync(data, expectedVersion, cancellationToken).ConfigureAwait(false);
        return result.Happened ? new SharedValueSnapshot(data, expectedVersion + 1, result.Zxid) : null;
    }

    private async Task<WriteResult> TryChangeAsync(ReadOnlyMemory<byte> data, int expectedVersion, CancellationToken cancellationToken)
    {
        try
        {
            return await _write.TrySetAsync(data, expectedVersion, cancellationToken).ConfigureAwait(false);
        }
        catch (NoNodeException)
        {
            return default;
        }
    }

    private async Task<WriteResult> TryCreateAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var write = new UnansweredWrite(_client, _time);
        while (true)
        {
            try
            {
                return new WriteResult(Happened: true, await CreateAsync(data, cancellationToken).ConfigureAwait(false));
            }
            catch (NodeExistsException)
            {
                write.ThrowUnknown();
                return default;
            }
            catch (NoNodeException)
            {
                await _client.UntilAnsweredAsync(
                    () => _client.EnsurePathAsync(ZNodePath.Parent(_path), cancellationToken), _time, cancellationToken).ConfigureAwait(false);
            }
            catch (KeeperException exception) when (_receipts is null && exception.IsPassing())
            {
                await write.WaitForNextAttemptAsync(exception, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<long> CreateAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        if (_receipts is null)
            return (await _client.CreateAsync(_path, data, _createOptions, CancellationToken.None).ConfigureAwait(false)).Stat.Czxid;

        try
        {
            var create = new TransactionOperation.Create(_path, data, _createOptions);
            return await _receipts.CommitAsync([create], cancellationToken).ConfigureAwait(false);
        }
        catch (TransactionFailedException exception) when (exception.InnerException is NodeExistsException or NoNodeException)
        {
            throw exception.InnerException;
        }
    }
}
