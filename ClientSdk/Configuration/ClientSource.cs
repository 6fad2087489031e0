namespace OrleansKeeper.ClientSdk.Configuration;

/// <summary>Where the configuration's client comes from: the application's own, or one that is connected for the configuration, and goes
/// with it.</summary>
/// <param name="connect">Gives the client.</param>
/// <param name="isOwned">Whether the client goes with the configuration.</param>
internal sealed class ClientSource(Func<CancellationToken, Task<IKeeperClient>> connect, bool isOwned) : IAsyncDisposable
{
    private IKeeperClient? _client;

    /// <summary>The client; connected when it is first asked for.</summary>
    public async Task<IKeeperClient> GetAsync(CancellationToken cancellationToken) =>
        _client ??= await connect(cancellationToken).ConfigureAwait(false);

    public ValueTask DisposeAsync() => isOwned && _client is not null ? _client.DisposeAsync() : ValueTask.CompletedTask;
}
