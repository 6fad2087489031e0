using System.Text;
using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Recipes.Outcomes;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Recipes.Queues;

/// <summary>Registers a queue object as a consumer, once in each session.</summary>
internal sealed class QueueConsumer(IKeeperClient client, QueuePaths paths, QueueOptions options)
{
    private readonly CreateOptions _createOptions = new() { Mode = CreateMode.Ephemeral, Acl = options.Acl };
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private volatile QueueRegistration? _current;

    /// <summary>The registration in the session of now.</summary>
    public async Task<QueueRegistration> RegisterAsync()
    {
        if (_current is { } current && current.SessionId == client.Session.Id)
            return current;

        await _oneAtATime.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_current is { } registered && registered.SessionId == client.Session.Id)
                return registered;
            await LeaveAsync().ConfigureAwait(false);
            var created = await client.UntilAnsweredAsync(CreateAsync, options.TimeProvider, CancellationToken.None).ConfigureAwait(false);
            _current = created;
            return created;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>The registration has gone; the next one is another.</summary>
    public void Forget(QueueRegistration registration) => Interlocked.CompareExchange(ref _current, null, registration);

    /// <summary>The queue needs its registration no more. Items that were taken with it may.</summary>
    public ValueTask LeaveAsync() =>
        Interlocked.Exchange(ref _current, null) is { } registration ? LeaveAsync(registration) : ValueTask.CompletedTask;

    /// <summary>One that needed the registration needs it no more. Where deleting it fails it goes with its session.</summary>
    public async ValueTask LeaveAsync(QueueRegistration registration)
    {
        if (!registration.Leave())
            return;
        try
        {
            await client.DeleteAsync(registration.Path).ConfigureAwait(false);
        }
        catch (KeeperException)
        {
        }
    }

    private async Task<QueueRegistration> CreateAsync()
    {
        var id = Guid.NewGuid().ToString("N");
        var path = ZNodePath.Append(paths.Consumers, id);
        var data = Encoding.ASCII.GetBytes(id);
        try
        {
            var created = await client.CreateAsync(path, data, _createOptions).ConfigureAwait(false);
            return new QueueRegistration(path, data, created.Stat.EphemeralOwner);
        }
        catch (NoNodeException)
        {
            await client.EnsurePathAsync(paths.Consumers).ConfigureAwait(false);
            return await CreateAsync().ConfigureAwait(false);
        }
    }
}
