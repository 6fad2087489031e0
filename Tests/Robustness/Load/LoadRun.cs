using System.Net;
using OrleansKeeper.Tests.Robustness.Clients;
using OrleansKeeper.Tests.Robustness.Histories;

namespace OrleansKeeper.Tests.Robustness.Load;

/// <summary>Several clients that load one server and write down what they do.</summary>
internal sealed class LoadRun : IAsyncDisposable
{
    private const int Clients = 6;

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(90);

    private readonly IPEndPoint _server;
    private readonly LoadClient[] _clients;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _deadline = new();
    private Task _running = Task.CompletedTask;

    public LoadRun(IPEndPoint server, int seed)
    {
        _server = server;
        _clients =
        [
            .. Enumerable.Range(0, Clients)
                .Select(number => new LoadClient(number, server, History, unchecked((seed * 397) ^ number))),
        ];
    }

    public History History { get; } = new();

    public async Task StartAsync()
    {
        await using (var session = await KeeperSession.OpenAsync(_server, CancellationToken.None))
        {
            string[] parents = [LoadPaths.Root, LoadPaths.Queue, LoadPaths.Registers, LoadPaths.Owned];
            string[] registers = [.. Enumerable.Range(0, LoadPaths.RegisterCount).Select(LoadPaths.Register)];
            string[] owned = [.. Enumerable.Range(0, Clients).Select(LoadPaths.OwnedBy)];
            foreach (var path in (string[])[.. parents, .. registers, .. owned])
                await session.CreateAsync(path).OkAsync();
            await session.CloseAsync();
        }

        _running = Task.WhenAll(_clients.Select(client => client.RunAsync(_stop.Token, _deadline.Token)));
    }

    /// <summary>Waits until so many more operations were answered.</summary>
    public Task MakeProgressAsync(int operations) => History.MakeProgressAsync(operations, _running);

    /// <summary>Lets every client finish what it has in flight.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        _deadline.CancelAfter(StopLimit);
        await _running.WaitAsync(StopLimit);
    }

    /// <summary>Attaches every client's session again and reads what is there.</summary>
    public async Task<Dictionary<string, TreeNode>> AttachAndReadAsync()
    {
        foreach (var client in _clients)
            await client.AttachAsync(_deadline.Token);
        await using var reader = await KeeperSession.OpenAsync(_server, _deadline.Token);
        return await TreeContents.ReadAsync(reader, LoadPaths.Root);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _deadline.CancelAsync();

        // A server that hangs never answers: without their connections the clients have nothing to wait for.
        foreach (var client in _clients)
        {
            if (client.Session is { } session)
                await session.DisposeAsync();
        }

        await _running.ContinueWith(_ => { }, TaskScheduler.Default);
        _stop.Dispose();
        _deadline.Dispose();
    }
}
