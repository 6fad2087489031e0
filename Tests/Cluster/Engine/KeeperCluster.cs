using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using OrleansKeeper.GrainInterfaces;
using OrleansKeeper.Grains;

namespace OrleansKeeper.Tests.Cluster.Engine;

/// <summary>A silo with the service in it, on a folder that survives its restart.</summary>
internal sealed class KeeperCluster : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orleanskeeper-").FullName;
    private readonly Action<KeeperOptions> _configure;
    private InProcessTestCluster? _cluster;

    private KeeperCluster(Action<KeeperOptions> configure) => _configure = configure;

    public string Folder => _folder;

    public static async Task<KeeperCluster> StartAsync(Action<KeeperOptions>? configure = null)
    {
        var cluster = new KeeperCluster(configure ?? (_ => { }));
        await cluster.DeployAsync();
        return cluster;
    }

    public IZNodeGrain ZNode(string path) => _cluster!.Client.GetGrain<IZNodeGrain>(path);

    /// <summary>One of the service's parts.</summary>
    public T Get<T>()
        where T : notnull => _cluster!.Silos[0].ServiceProvider.GetRequiredService<T>();

    public async Task RestartAsync()
    {
        await StopAsync();
        await DeployAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task DeployAsync()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.Options.ServiceId = "keeper";
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.Configure<KeeperOptions>(options =>
            {
                options.DataDirectory = _folder;
                options.TickTime = 100;
                _configure(options);
            });
            silo.AddKeeper();
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    private async Task StopAsync()
    {
        await _cluster!.StopAllSilosAsync();
        await _cluster.DisposeAsync();
    }
}
