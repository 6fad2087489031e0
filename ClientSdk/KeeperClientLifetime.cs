using Microsoft.Extensions.Hosting;

namespace OrleansKeeper.ClientSdk;

/// <summary>
/// Closes an application's client when the application stops: behind the services that were added after it, which may use it until then, and before
/// the silo, if the application is one that was added before.
/// </summary>
internal sealed class KeeperClientLifetime : IHostedService
{
    private KeeperClient? _client;

    /// <summary>There is a client from now on.</summary>
    public KeeperClient Begin(KeeperClient client) => _client = client;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) =>
        _client is { } client ? client.DisposeAsync().AsTask().WaitAsync(cancellationToken) : Task.CompletedTask;
}
