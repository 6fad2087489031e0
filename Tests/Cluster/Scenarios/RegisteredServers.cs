using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Servers;

namespace OrleansKeeper.Tests.Cluster.Scenarios;

/// <summary>Servers that are registered, and do not exist.</summary>
internal sealed class RegisteredServers(IKeeperClient client, string path, string host, int firstPort, int count) : IAsyncDisposable
{
    private readonly List<ServerRegistration> _registrations =
        [.. Enumerable.Range(firstPort, count).Select(port => new ServerRegistration(client, path, new ServerDescription(new ServerAddress(host, port))))];

    public async Task WaitUntilRegisteredAsync()
    {
        foreach (var registration in _registrations)
            await registration.WaitUntilRegisteredAsync().WaitAsync(TimeSpan.FromSeconds(30));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var registration in _registrations)
            await registration.DisposeAsync();
    }
}
