using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansKeeper.Grains;

namespace OrleansKeeper.Silo;

/// <summary>Says where the server listens and where it keeps its data.</summary>
internal static partial class StartMessage
{
    public static void Log(IServiceProvider services)
    {
        var keeper = services.GetRequiredService<IOptions<KeeperOptions>>().Value;
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("OrleansKeeper");
        LogStarted(logger, keeper.ClientAddress, keeper.ClientPort, Path.GetFullPath(keeper.DataDirectory), keeper.AdminPort);
    }

    [LoggerMessage(LogLevel.Information,
        "Serving ZooKeeper clients on {Address}:{Port}; data in {Folder}; health on http://localhost:{AdminPort}/health/ready")]
    private static partial void LogStarted(ILogger logger, string address, int port, string folder, int adminPort);
}
