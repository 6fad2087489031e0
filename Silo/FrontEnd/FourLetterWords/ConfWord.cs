using Microsoft.Extensions.Options;
using OrleansKeeper.Grains;

namespace OrleansKeeper.Silo.FrontEnd.FourLetterWords;

/// <summary>The settings that ZooKeeper has too, under its names.</summary>
internal sealed class ConfWord(IOptions<KeeperOptions> options) : IFourLetterWord
{
    public string Word => "conf";

    public string Answer()
    {
        var keeper = options.Value;
        var folder = Path.GetFullPath(keeper.DataDirectory);
        return $"""
            clientPort={keeper.ClientPort}
            secureClientPort=-1
            dataDir={folder}
            dataDirSize={SizeOf(folder, "store.db*")}
            dataLogDir={folder}
            dataLogSize={SizeOf(folder, "log.db*")}
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
