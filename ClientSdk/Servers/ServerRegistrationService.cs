using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OrleansKeeper.ClientSdk.Servers;

/// <summary>
/// Registers an application when everything in it has started, and withdraws it when it is asked to stop, before anything in it stops:
/// whoever is told of the server can reach it.
/// </summary>
internal sealed class ServerRegistrationService(
    IKeeperClient client,
    string path,
    Func<ServerDescription> describe,
    TimeSpan drainTime,
    TimeProvider time,
    ILogger<ServerRegistration> logger) : IHostedLifecycleService
{
    private ServerRegistration? _registration;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _registration = new ServerRegistration(client, path, describe(), logger);
        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (_registration is null)
            return;

        await _registration.DisposeAsync().AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        if (drainTime > TimeSpan.Zero)
            await Task.Delay(drainTime, time, cancellationToken).ConfigureAwait(false);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
