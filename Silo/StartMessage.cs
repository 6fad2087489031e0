using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansKeeper.Grains;
using OrleansKeeper.Grains.Storage.PostgreSql;

namespace OrleansKeeper.Silo;

/// <summary>Says where the server listens and where it keeps its data.</summary>
internal static partial class StartMessage
{
    public static void Log(IServiceProvider services)
    {
        var keeper = services.GetRequiredService<IOptions<KeeperOptions>>().Value;
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("OrleansKeeper");
        var place = services.GetService<PostgreSqlDatabase>()?.Name ?? Path.GetFullPath(keeper.DataDirectory);
        LogStarted(logger, keeper.ClientAddress, keeper.ClientPort, place, keeper.AdminPort);
    }

    [LoggerMessage(LogLevel.Information,
        "Serving ZooKeeper clients on {Address}:{Port}; data in {Place}; health on http://localhost:{AdminPort}/health/ready")]
    private static partial void LogStarted(ILogger logger, string address, int port, string place, int adminPort);
}
