using System.Net;
using OrleansKeeper.Tests.Robustness.Clients;
using OrleansKeeper.Tests.Robustness.Load;

namespace OrleansKeeper.Tests.Robustness.Cluster.Load;

/// <summary>Several clients that load all silos and write down what they do.</summary>
internal sealed class ClusterRun : IAsyncDisposable
{
    private const int Clients = 6;
    private const int LockClients = 3;

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(90);

    private readonly IPEndPoint[] _silos;
    private readonly ClusterClient[] _clients;
    private readonly LockClient[] _lockClients;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _deadline = new();
    private readonly CancellationTokenSource _ended = new();
    private Task _running = Task.CompletedTask;

    public ClusterRun(IPEndPoint[] silos, int seed)
    {
        _silos = silos;
        _clients =
        [
            .. Enumerable.Range(0, Clients)
                .Select(number => new ClusterClient(number, silos, History, unchecked((seed * 397) ^ number))),
        ];
        _lockClients = [.. Enumerable.Range(0, LockClients).Select(number => new LockClient(number, silos, History))];
    }

    public ClusterHistory History { get; } = new();

    public async Task StartAsync()
    {
        await using (var session = await KeeperSession.OpenAsync(_silos[0], CancellationToken.None))
        {
            string[] parents =
            [
                LoadPaths.Root, LoadPaths.Queue, LoadPaths.Registers, LoadPaths.Owned, LoadPaths.Members, LoadPaths.Lock, LoadPaths.Guarded,
            ];
            string[] registers = [.. Enumerable.Range(0, ClusterScript.RegisterCount).Select(LoadPaths.Register)];
            string[] owned = [.. Enumerable.Range(0, Clients).Select(LoadPaths.OwnedBy)];
            foreach (var path in (string[])[.. parents, .. registers, .. owned])
                await session.CreateAsync(path).OkAsync();
            await session.CloseAsync();
        }

        // No client may begin before its silo knows what was created.
        foreach (var silo in _silos)
        {
            await using var session = await KeeperSession.OpenAsync(silo, CancellationToken.None);
            await session.SyncAsync(LoadPaths.Root).OkAsync();
            await session.CloseAsync();
        }

        _running = Task.WhenAll((IEnumerable<Task>)
        [
            .. _clients.Select(RunAsync),
            .. _lockClients.Select(client => client.RunAsync(_stop.Token, _deadline.Token)),
        ]);
    }

    /// <summary>Waits until so many more operations were answered.</summary>
    public Task MakeProgressAsync(int operations) => History.Operations.MakeProgressAsync(operations, _running);

    /// <summary>Lets every client finish what it has in flight; they stay attached.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        _deadline.CancelAfter(StopLimit);
        await _running.WaitAsync(StopLimit);
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _stop.CancelAsync();
        await _deadline.CancelAsync();

        // A silo that hangs never answers: without their connections the clients have nothing to wait for.
        foreach (var client in (IEnumerable<IAsyncDisposable>)[.. _clients, .. _lockClients])
            await client.DisposeAsync();
        await _running.ContinueWith(_ => { }, TaskScheduler.Default);
        _ended.Dispose();
        _stop.Dispose();
        _deadline.Dispose();
    }

    private async Task RunAsync(ClusterClient client)
    {
        await client.RunAsync(_stop.Token, _deadline.Token);
        _ = client.StayAttachedAsync(_ended.Token);
    }
}
