using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using OrleansKeeper.Grains;
using OrleansKeeper.Grains.Storage.PostgreSql;

namespace OrleansKeeper.Silo.Configuration;

/// <summary>
/// How the silos find each other, which follows from the storage. Section <c>Orleans</c> has the rest: <c>ClusterId</c>,
/// <c>ServiceId</c>, <c>Endpoints</c>, and <c>Membership</c> for the numbers that are here by default.
/// </summary>
internal static class ClusteringSiloBuilderExtensions
{
    private const int DefaultSiloPort = 11111;
    private const int DefaultGatewayPort = 30000;

    /// <summary>One silo that needs nobody, with SQLite; silos that meet in the database, with PostgreSQL.</summary>
    public static ISiloBuilder UseKeeperClustering(this ISiloBuilder silo, KeeperStorage storage)
    {
        var orleans = silo.Configuration.GetSection("Orleans");
        return storage == KeeperStorage.PostgreSql
            ? silo.UseDatabase(orleans)
            : silo.UseLocalhostClustering(
                orleans.GetValue("Endpoints:SiloPort", DefaultSiloPort), orleans.GetValue("Endpoints:GatewayPort", DefaultGatewayPort));
    }

    private static ISiloBuilder UseDatabase(this ISiloBuilder silo, IConfigurationSection orleans)
    {
        silo.Services.Configure<ClusterOptions>(cluster =>
        {
            cluster.ClusterId = orleans.GetValue(nameof(cluster.ClusterId), ClusterOptions.DefaultClusterId);
            cluster.ServiceId = orleans.GetValue(nameof(cluster.ServiceId), ClusterOptions.DefaultServiceId);
        });
        silo.Services.Configure<ClusterMembershipOptions>(SetDefaults);
        silo.Services.Configure<ClusterMembershipOptions>(orleans.GetSection("Membership"));

        // A dead silo's grains are given away when the lease is over that it may believe to have, of which the time in which the others
        // notice its death (3 x 1.5 s) has passed already. What remains are the 2 s for which Orleans lets a silo run that has learnt
        // that it was declared dead.
        silo.Services.Configure<GrainDirectoryOptions>(directory => directory.RangeLeaseDuration = TimeSpan.FromSeconds(6.5));
#pragma warning disable ORLEANSEXP003 // Orleans' default directory makes second activations whenever a silo joins; this one does not.
        return silo.UsePostgreSqlClustering().AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003
    }

    /// <summary>
    /// Orleans' own defaults take 11 s to notice a silo that died and 66 s for one that hangs; these take about 1.5 s and 5 s. They decide
    /// where grains live, and nothing about safety: who may write is decided by the ledger.
    /// </summary>
    private static void SetDefaults(ClusterMembershipOptions membership)
    {
        // A silo is declared dead after three probes without an answer, by two silos (where there are three or more). The bound on how long
        // a silo can hang unnoticed is the longest timeout, not the first one: that adapts to what the network does. Shorter ones would
        // declare a silo dead that only collects garbage or waits for a processor.
        membership.ProbeTimeout = TimeSpan.FromSeconds(1);
        membership.MinProbeTimeout = TimeSpan.FromMilliseconds(500);
        membership.MaxProbeTimeout = TimeSpan.FromSeconds(1.5);
        membership.NumMissedProbesLimit = 3;
        membership.NumVotesForDeathDeclaration = 2;

        // A silo that was declared dead learns of it from the table when no message tells it, and ends itself then.
        membership.TableRefreshTimeout = TimeSpan.FromSeconds(5);

        // Not a heartbeat: only a cluster that starts reads it, to tell rows of silos that were killed from living ones. Three missed ones
        // make a row stale, so a cluster that was killed as a whole starts anew after a quarter of a minute at most.
        membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
    }
}
