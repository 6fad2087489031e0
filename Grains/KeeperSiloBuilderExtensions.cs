using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OrleansKeeper.Grains.Attachments;
using OrleansKeeper.Grains.EventStreams;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Sequencing;
using OrleansKeeper.Grains.Sessions;
using OrleansKeeper.Grains.Storage.Sqlite;
using OrleansKeeper.Grains.ZNodes;

namespace OrleansKeeper.Grains;

/// <summary>Adds the service to a silo.</summary>
public static class KeeperSiloBuilderExtensions
{
    /// <summary>
    /// Adds the coordination service, with its log and tables in SQLite under <see cref="KeeperOptions.DataDirectory"/>.
    /// The ZooKeeper front end comes on top, in the process that hosts the silo.
    /// </summary>
    public static ISiloBuilder AddKeeper(this ISiloBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<SqliteStorageOptions>()
            .Configure<IOptions<KeeperOptions>>((storage, keeper) => storage.DataDirectory = keeper.Value.DataDirectory);
        services.AddSqliteStorage();
        builder.AddKeeperGrainStorage();
        builder.AddEventStreams();

        services.AddSingleton<Replica>();
        services.AddSingleton<ZNodeLoader>();
        services.AddSingleton<UndecidedRequests>();
        services.AddSingleton<SubmitQueue>();
        services.AddSingleton<CommitFeed>();
        services.AddSingleton<IDecisionSink>(provider => provider.GetRequiredService<CommitFeed>());
        services.AddSingleton<IAppendPressure, CheckpointPressure>();
        services.AddSingleton<LogAppender>();
        services.AddSingleton<TransactionOrderer>();
        services.AddSingleton<ClientSessionTable>();
        services.AddSingleton<SessionReads>();
        services.AddSingleton<SessionFactory>();
        services.AddSingleton<SessionAuthentication>();
        services.AddSingleton<AttachmentFactory>();
        services.AddSingleton<WatchHistory>();
        services.AddSingleton<KeeperEngine>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<KeeperEngine>());

        services.AddSingleton<Checkpointer>();
        services.AddHostedService(provider => provider.GetRequiredService<Checkpointer>());
        services.AddHostedService<HeartbeatSender>();
        services.AddHostedService<ContainerSweeper>();
        return builder;
    }
}
