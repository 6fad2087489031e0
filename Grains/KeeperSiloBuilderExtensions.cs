using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Runtime.Hosting;
using OrleansKeeper.Grains.Attachments;
using OrleansKeeper.Grains.Clustering;
using OrleansKeeper.Grains.EventStreams;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Sequencing;
using OrleansKeeper.Grains.Sessions;
using OrleansKeeper.Grains.Storage.PostgreSql;
using OrleansKeeper.Grains.Storage.Sqlite;
using OrleansKeeper.Grains.ZNodes;

namespace OrleansKeeper.Grains;

/// <summary>Adds the service to a silo.</summary>
public static class KeeperSiloBuilderExtensions
{
    /// <summary>
    /// Adds the coordination service, with its log and tables where <c>Keeper:Storage</c> of the silo's configuration says
    /// (<see cref="KeeperOptions.Storage"/>). The ZooKeeper front end comes on top, in the process that hosts the silo.
    /// </summary>
    public static ISiloBuilder AddKeeper(this ISiloBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        var section = builder.Configuration.GetSection(KeeperOptions.Section);
        if (section.GetValue<KeeperStorage>(nameof(KeeperOptions.Storage)) == KeeperStorage.PostgreSql)
            builder.AddPostgreSql();
        else
            builder.AddSqlite();
        builder.AddEventStreams();

        services.AddSingleton<Replica>();
        services.AddSingleton<ZNodeLoader>();
        services.AddSingleton<DescendantCounter>();
        services.AddSingleton<ChildNameFilterLoader>();
        services.AddSingleton<UndecidedRequests>();
        services.AddSingleton<SubmitQueue>();
        services.AddSingleton<CommitFeed>();
        services.AddSingleton<FeedPublisher>();
        services.AddSingleton<IDecisionSink>(provider => provider.GetRequiredService<FeedPublisher>());
        services.AddSingleton<FeedReceiver>();
        services.AddSingleton<FeedLease>();
        services.AddSingleton<HolderProbes>();
        services.AddSingleton<SequencerPlacement>();
        services.AddSingleton<SequencerWatch>();
        services.AddSingleton<Sequencer>();
        services.AddSingleton<LedgerSync>();
        services.AddSingleton<ISilos, Silos>();
        builder.AddGrainService<SiloService>();
        builder.AddGrainDirectory(LocalGrainDirectory.Name, (_, _) => new LocalGrainDirectory());
        services.AddSingleton<IAppendPressure, CheckpointPressure>();
        services.AddSingleton<LogAppender>();
        services.AddSingleton<TransactionOrderer>();
        services.AddSingleton<ClientSessionTable>();
        services.AddSingleton<SiloPauses>();
        services.AddSingleton<SessionReads>();
        services.AddSingleton<SessionOwnership>();
        services.AddSingleton<SessionFactory>();
        services.AddSingleton<SessionAuthentication>();
        services.AddSingleton<OpenSessionTracker>();
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
    private static void AddSqlite(this ISiloBuilder builder)
    {
        builder.Services.AddOptions<SqliteStorageOptions>()
            .Configure<IOptions<KeeperOptions>>((storage, keeper) => storage.DataDirectory = keeper.Value.DataDirectory);
        builder.Services.AddSqliteStorage();
        builder.AddSqliteGrainStorage();
    }

    private static void AddPostgreSql(this ISiloBuilder builder)
    {
        builder.Services.AddOptions<PostgreSqlStorageOptions>().Configure<IOptions<KeeperOptions>>((storage, keeper) =>
        {
            storage.ConnectionString = builder.Configuration.GetConnectionString(KeeperOptions.Section) ?? "";
            storage.Schema = keeper.Value.DatabaseSchema;
            storage.Patience = TimeSpan.FromMilliseconds(keeper.Value.DatabaseTimeout);
        });
        builder.Services.AddPostgreSqlStorage();
        builder.AddPostgreSqlGrainStorage();
    }
}
