using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Recipes.Outcomes;

namespace OrleansKeeper.ClientSdk.Servers;

/// <summary>
/// A server's registration: an ephemeral, sequential znode that is there as long as this object is, and the process. It is made again,
/// under another name, when its session expires or somebody deletes it. One loop does everything: whenever the znode or the connection may
/// have changed it looks whether there is a znode of the session of now, and makes one if not. A creation whose answer was lost is looked
/// for, so that there are never two.
/// </summary>
public sealed partial class ServerRegistration : IAsyncDisposable
{
    private readonly RegistrationZNode _znode;
    private readonly IKeeperClient _client;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _withdrawing = new();
    private readonly Lock _gate = new();
    private readonly Task _keeping;
    private TaskCompletionSource<string> _registered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Begins to register a server; as soon as there is a connection, and without waiting for it.</summary>
    /// <param name="client">The client. Its session owns the registration.</param>
    /// <param name="path">Below which znode the servers register: <c>/servers/orders</c>. Made if it is missing, as a container.</param>
    /// <param name="server">What the server says of itself.</param>
    /// <param name="logger">Hears of each registration, and what prevents it.</param>
    public ServerRegistration(IKeeperClient client, string path, ServerDescription server, ILogger<ServerRegistration>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(server);
        _client = client;
        _logger = logger ?? NullLogger<ServerRegistration>.Instance;
        _znode = new RegistrationZNode(client, path, server.Encode());
        _keeping = KeepRegisteredAsync();
    }

    /// <summary>Waits until the server is registered in the session of now.</summary>
    /// <returns>The znode: <c>/servers/orders/server-0000000002</c>.</returns>
    /// <exception cref="KeeperException">What prevents it, such as an access control list. The object goes on trying, and the next call
    /// waits for that.</exception>
    /// <exception cref="ObjectDisposedException">It was withdrawn.</exception>
    public Task<string> WaitUntilRegisteredAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
            return _registered.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Withdraws the server. While there is no connection the deletion waits for one, behind the scenes.</summary>
    public async ValueTask DisposeAsync()
    {
        await _withdrawing.CancelAsync().ConfigureAwait(false);
        await _keeping.ConfigureAwait(false);
        Fail(new ObjectDisposedException(nameof(ServerRegistration)));
        var deletion = _znode.DeleteAsync();
        if (_client.State == KeeperConnectionState.Connected)
            await deletion.ConfigureAwait(false);
    }

    private async Task KeepRegisteredAsync()
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(5), TimeProvider.System);
        while (!_withdrawing.IsCancellationRequested)
        {
            try
            {
                await _client.WaitUntilConnectedAsync(_withdrawing.Token).ConfigureAwait(false);
                var session = _client.Session;
                var (path, gone) = await _znode.EnsureAsync(session, _withdrawing.Token).ConfigureAwait(false);
                if (gone is null)
                    continue;

                Succeed(path);
                backoff.Reset();
                using var lost = CancellationTokenSource.CreateLinkedTokenSource(session.Lost, _withdrawing.Token);
                await gone.WaitAsync(lost.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                Forget();
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (ClientClosedException exception)
            {
                Fail(exception);
                return;
            }
            catch (KeeperException exception)
            {
                if (!exception.IsPassing())
                {
                    LogNotRegistered(exception, _znode.Parent);
                    Fail(exception);
                }
                await PauseAsync(backoff).ConfigureAwait(false);
            }
        }
    }

    private async Task PauseAsync(Backoff backoff)
    {
        try
        {
            await backoff.WaitAsync(_withdrawing.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
        }
    }

    private void Succeed(string path)
    {
        LogRegistered(path);
        lock (_gate)
        {
            if (!_registered.TrySetResult(path))
                (_registered = new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult(path);
        }
    }

    private void Fail(Exception exception)
    {
        lock (_gate)
        {
            if (!_registered.TrySetException(exception))
                (_registered = new(TaskCreationOptions.RunContinuationsAsynchronously)).SetException(exception);
            _ = _registered.Task.Exception;
        }
    }

    private void Forget()
    {
        lock (_gate)
            _registered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Registered as {Path}")]
    private partial void LogRegistered(string path);

    [LoggerMessage(Level = LogLevel.Error, Message = "The server cannot be registered below {Path}; trying again")]
    private partial void LogNotRegistered(Exception exception, string path);
}
