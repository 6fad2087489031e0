using OrleansKeeper.ClientSdk.Connections;
using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Requests;
using OrleansKeeper.ClientSdk.Transactions;
using OrleansKeeper.ClientSdk.Watches;
using OrleansKeeper.GrainInterfaces.Attachments;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Jute;
using OrleansKeeper.Protocol.Messages;

namespace OrleansKeeper.ClientSdk;

/// <summary>
/// A client over Orleans. <c>await using var client = await KeeperClient.ConnectAsync("localhost")</c> connects a program;
/// <c>services.AddKeeperClient(…)</c> gives an application one.
/// </summary>
public sealed partial class KeeperClient : IKeeperClient
{
    private readonly KeeperConnection _connection;
    private readonly IAsyncDisposable? _owned;
    private readonly Lock _stateLock = new();
    private EventHandler<KeeperConnectionState>? _stateChanged;

    internal KeeperClient(KeeperConnection connection, string chroot, IAsyncDisposable? owned)
    {
        _connection = connection;
        _owned = owned;
        Chroot = chroot;
    }

    /// <inheritdoc/>
    public event EventHandler<KeeperConnectionState>? StateChanged
    {
        add
        {
            lock (_stateLock)
            {
                if (_stateChanged is null)
                    _connection.Status.Changed += RaiseStateChanged;
                _stateChanged += value;
            }
        }

        remove
        {
            lock (_stateLock)
            {
                // A client with a chroot that nobody listens to is held by nobody.
                _stateChanged -= value;
                if (_stateChanged is null)
                    _connection.Status.Changed -= RaiseStateChanged;
            }
        }
    }

    /// <inheritdoc/>
    public string Chroot { get; }

    /// <inheritdoc/>
    public KeeperSession Session => _connection.Status.Session;

    /// <inheritdoc/>
    public KeeperConnectionState State => _connection.Status.State;

    internal KeeperConnection Connection => _connection;

    /// <inheritdoc/>
    public IKeeperClient WithChroot(string path) => new KeeperClient(_connection, ToService(path), owned: null);

    /// <inheritdoc/>
    public Task<CreatedZNode> CreateAsync(
        string path, ReadOnlyMemory<byte> data, CreateOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var servicePath = ToService(path, options.Mode.IsSequential());
        return options.CreateParents
            ? CreateWithParentsAsync(path, servicePath, data, options, cancellationToken)
            : CreateAsync(path, servicePath, data, options, cancellationToken);
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string path, int version = KeeperVersion.Any, CancellationToken cancellationToken = default) =>
        SendAsync(OpCode.Delete, path, new DeleteRequest(ToService(path), version), Replies.Nothing, cancellationToken);

    /// <inheritdoc/>
    public Task<Stat?> ExistsAsync(string path, CancellationToken cancellationToken = default) => _connection.SendAsync(
        new RecordRequest<PathWatchRequest, Stat?>(
            OpCode.Exists, path, new PathWatchRequest(ToService(path), false), Replies.Exists, ErrorCode.NoNode),
        cancellationToken);

    /// <inheritdoc/>
    public Task<ZNodeContent> GetAsync(string path, CancellationToken cancellationToken = default) =>
        SendAsync(OpCode.GetData, path, new PathWatchRequest(ToService(path), false), Replies.Content, cancellationToken);

    /// <inheritdoc/>
    public Task<Stat> SetDataAsync(
        string path, ReadOnlyMemory<byte> data, int version = KeeperVersion.Any, CancellationToken cancellationToken = default) =>
        SendAsync(OpCode.SetData, path, new SetDataRequest(ToService(path), data.ToArray(), version), Replies.NewStat, cancellationToken);

    /// <inheritdoc/>
    public Task<ZNodeChildren> GetChildrenAsync(string path, CancellationToken cancellationToken = default) =>
        SendAsync(OpCode.GetChildren2, path, new PathWatchRequest(ToService(path), false), Replies.Children, cancellationToken);

    /// <inheritdoc/>
    public Task<Watched<Stat?>> ExistsAndWatchAsync(string path, CancellationToken cancellationToken = default) =>
        ReadAndWatchAsync(OpCode.Exists, OneShotKind.Data, path, Replies.Exists, cancellationToken, ErrorCode.NoNode);

    /// <inheritdoc/>
    public Task<Watched<ZNodeContent>> GetAndWatchAsync(string path, CancellationToken cancellationToken = default) =>
        ReadAndWatchAsync(OpCode.GetData, OneShotKind.Data, path, Replies.Content, cancellationToken);

    /// <inheritdoc/>
    public Task<Watched<ZNodeChildren>> GetChildrenAndWatchAsync(string path, CancellationToken cancellationToken = default) =>
        ReadAndWatchAsync(OpCode.GetChildren2, OneShotKind.Children, path, Replies.Children, cancellationToken);

    /// <inheritdoc/>
    public async Task<KeeperWatch> OpenWatchAsync(string path, WatchMode mode, CancellationToken cancellationToken = default)
    {
        ChrootPath.Check(path);
        var watch = new PersistentWatch(_connection, path, Chroot, mode, _connection.Options.MaxEventsPerWatch);
        var wireMode = mode == WatchMode.Persistent ? AddWatchMode.Persistent : AddWatchMode.PersistentRecursive;
        var request = new RecordRequest<AddWatchRequest, KeeperWatch>(
            OpCode.AddWatch,
            path,
            new AddWatchRequest(watch.ServicePath, wireMode),
            (in header, ref _) =>
            {
                watch.Set(header.Zxid);
                return watch;
            })
        {
            Watch = watch,
        };
        _connection.Watches.Add(watch);
        try
        {
            return await _connection.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // It may have been set at the service.
            _connection.RemoveWatch(watch);
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<ZNodeAcl> GetAclAsync(string path, CancellationToken cancellationToken = default) =>
        SendAsync(OpCode.GetAcl, path, new PathRequest(ToService(path)), Replies.Acl, cancellationToken);

    /// <inheritdoc/>
    public Task<Stat> SetAclAsync(
        string path, IReadOnlyList<Acl> acl, int aversion = KeeperVersion.Any, CancellationToken cancellationToken = default) =>
        SendAsync(OpCode.SetAcl, path, new SetAclRequest(ToService(path), [.. acl], aversion), Replies.NewStat, cancellationToken);

    /// <inheritdoc/>
    public Task SyncAsync(CancellationToken cancellationToken = default) =>
        SendAsync(OpCode.Sync, null, new PathRequest(ZNodePath.Root), Replies.Nothing, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<TransactionResult>> CommitAsync(
        IReadOnlyList<TransactionOperation> operations, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(operations);
        TransactionOperation[] all = [.. operations];
        var codec = new TransactionCodec(Chroot, all);
        return SendAsync(OpCode.Multi, all.Length == 0 ? null : all[0].Path, codec.Encode(), codec.Decode, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> GetEphemeralsAsync(string prefix = "/", CancellationToken cancellationToken = default)
    {
        var servicePrefix = ToService(prefix);
        var chroot = Chroot;
        return SendAsync<PathRequest, IReadOnlyList<string>>(
            OpCode.GetEphemerals,
            prefix,
            new PathRequest(servicePrefix),
            (in _, ref body) =>
            [
                .. (GetEphemeralsResponse.Read(ref body).Ephemerals ?? [])
                    .Where(path => IsAtOrBelow(path, servicePrefix))
                    .Select(path => ChrootPath.ToClient(chroot, path)),
            ],
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<int> CountDescendantsAsync(string path, CancellationToken cancellationToken = default) =>
        SendAsync(OpCode.GetAllChildrenNumber, path, new PathRequest(ToService(path)), Replies.Count, cancellationToken);

    /// <inheritdoc/>
    public async Task AuthenticateAsync(string scheme, ReadOnlyMemory<byte> credentials, CancellationToken cancellationToken = default)
    {
        var credential = new Credential(scheme, credentials.ToArray());
        await SendAsync(OpCode.Auth, null, new AuthPacket(0, scheme, credential.Secret), Replies.Nothing, cancellationToken).ConfigureAwait(false);
        _connection.Add(credential);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Id>> WhoAmIAsync(CancellationToken cancellationToken = default) =>
        SendAsync(OpCode.WhoAmI, null, default(EmptyBody), Replies.Identities, cancellationToken);

    /// <summary>Closes the session, unless this is what <see cref="WithChroot"/> returned: its ephemeral znodes go, and its watches end.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_owned is null)
            return;

        await _connection.DisposeAsync().ConfigureAwait(false);
        await _owned.DisposeAsync().ConfigureAwait(false);
    }

    private void RaiseStateChanged(KeeperConnectionState state)
    {
        foreach (var handler in Delegate.EnumerateInvocationList(_stateChanged))
            _connection.Status.Tell(changed => handler(this, changed), state);
    }

    private static bool IsAtOrBelow(string path, string prefix) =>
        prefix == ZNodePath.Root
        || (path.StartsWith(prefix, StringComparison.Ordinal) && (path.Length == prefix.Length || path[prefix.Length] == ZNodePath.Separator));

    private string ToService(string path, bool isSequential = false) => ChrootPath.ToService(Chroot, ChrootPath.Check(path, isSequential));

    private Task<TResult> SendAsync<TRecord, TResult>(
        OpCode operation, string? path, TRecord record, ReplyDecoder<TResult> decode, CancellationToken cancellationToken)
        where TRecord : IJuteWritable =>
        _connection.SendAsync(new RecordRequest<TRecord, TResult>(operation, path, record, decode), cancellationToken);

    private Task<Watched<T>> ReadAndWatchAsync<T>(
        OpCode operation,
        OneShotKind kind,
        string path,
        ReplyDecoder<T> decode,
        CancellationToken cancellationToken,
        ErrorCode answer = ErrorCode.Ok)
    {
        var servicePath = ToService(path);
        var watch = _connection.Watches.Expect(kind, servicePath, Chroot);
        var request = new RecordRequest<PathWatchRequest, Watched<T>>(
            operation,
            path,
            new PathWatchRequest(servicePath, true),
            (in header, ref body) => new Watched<T>(decode(header, ref body), watch.Set(header.Zxid, header.Error == ErrorCode.Ok)),
            answer)
        {
            Watch = watch,
        };
        return _connection.SendAsync(request, cancellationToken);
    }

    private Task<CreatedZNode> CreateAsync(
        string path, string servicePath, ReadOnlyMemory<byte> data, CreateOptions options, CancellationToken cancellationToken)
    {
        var chroot = Chroot;
        ReplyDecoder<CreatedZNode> decode = (in _, ref body) =>
        {
            var response = Create2Response.Read(ref body);
            return new CreatedZNode(ChrootPath.ToClient(chroot, response.Path!), response.Stat);
        };
        var bytes = data.ToArray();
        Acl[] acl = [.. options.Acl];
        var flags = (int)options.Mode;
        if (options.Mode.IsTtl())
        {
            var timeToLive = (long)options.TimeToLive.TotalMilliseconds;
            return SendAsync(OpCode.CreateTtl, path, new CreateTtlRequest(servicePath, bytes, acl, flags, timeToLive), decode, cancellationToken);
        }

        var operation = options.Mode.IsContainer() ? OpCode.CreateContainer : OpCode.Create2;
        return SendAsync(operation, path, new CreateRequest(servicePath, bytes, acl, flags), decode, cancellationToken);
    }

    private async Task<CreatedZNode> CreateWithParentsAsync(
        string path, string servicePath, ReadOnlyMemory<byte> data, CreateOptions options, CancellationToken cancellationToken)
    {
        var parentMode = new CreateOptions { Mode = CreateMode.Container };
        while (true)
        {
            try
            {
                return await CreateAsync(path, servicePath, data, options, cancellationToken).ConfigureAwait(false);
            }
            catch (NoNodeException) when (ZNodePath.Parent(path) != ZNodePath.Root)
            {
                await CreateParentsAsync(ZNodePath.Parent(path), parentMode, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task CreateParentsAsync(string path, CreateOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await CreateWithParentsAsync(path, ToService(path), ReadOnlyMemory<byte>.Empty, options, cancellationToken).ConfigureAwait(false);
        }
        catch (NodeExistsException)
        {
        }
    }
}
