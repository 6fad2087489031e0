using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansKeeper.Grains;
using OrleansKeeper.Grains.Storage.PostgreSql;

namespace OrleansKeeper.Silo.FrontEnd.FourLetterWords;

/// <summary>The settings that ZooKeeper has too, under its names.</summary>
internal sealed class ConfWord(IOptions<KeeperOptions> options, IServiceProvider services) : IFourLetterWord
{
    private const long UnknownSize = -1;

    public string Word => "conf";

    public string Answer()
    {
        var keeper = options.Value;
        var database = services.GetService<PostgreSqlDatabase>();
        var place = database?.Name ?? Path.GetFullPath(keeper.DataDirectory);
        return $"""
            clientPort={keeper.ClientPort}
            secureClientPort=-1
            dataDir={place}
            dataDirSize={(database is null ? SizeOf(place, "store.db*") : UnknownSize)}
            dataLogDir={place}
            dataLogSize={(database is null ? SizeOf(place, "log.db*") : UnknownSize)}
            tickTime={keeper.TickTime}
            maxClientCnxns={keeper.MaxClientConnections}
            minSessionTimeout={keeper.EffectiveMinSessionTimeout}
            maxSessionTimeout={keeper.EffectiveMaxSessionTimeout}
            clientPortListenBacklog=-1
            serverId=0

            """;
    }

    private static long SizeOf(string folder, string pattern) =>
        new DirectoryInfo(folder).EnumerateFiles(pattern).Sum(file => file.Length);
}
