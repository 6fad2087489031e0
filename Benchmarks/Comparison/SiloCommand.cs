using System.Diagnostics;
using System.Globalization;

namespace OrleansKeeper.Benchmarks.Comparison;

/// <summary>How to start the silo of this repository's Release build, with its defaults but for the number of connections.</summary>
internal static class SiloCommand
{
    public const int PortCount = 4;

    /// <summary>Which of the ports is the one where the silos talk to each other.</summary>
    public const int SiloPort = 2;

    /// <summary>Which of the ports is that of the Orleans gateway.</summary>
    public const int GatewayPort = 3;

    private const string Assembly = "Silo/bin/Release/net10.0/OrleansKeeper.Silo.dll";

    public static ProcessStartInfo Create(string folder, int[] ports) => new("dotnet")
    {
        ArgumentList =
        {
            Find(),
            string.Create(CultureInfo.InvariantCulture, $"--Keeper:ClientPort={ports[0]}"),
            "--Keeper:MaxClientConnections=0",
            $"--Keeper:DataDirectory={Path.Combine(folder, "data")}",
            string.Create(CultureInfo.InvariantCulture, $"--Keeper:AdminPort={ports[1]}"),
            string.Create(CultureInfo.InvariantCulture, $"--Orleans:Endpoints:SiloPort={ports[SiloPort]}"),
            string.Create(CultureInfo.InvariantCulture, $"--Orleans:Endpoints:GatewayPort={ports[GatewayPort]}"),
        },
    };

    /// <summary>How to start a silo of a cluster that meets in a database.</summary>
    public static ProcessStartInfo CreateOfCluster(string folder, int[] ports, string connectionString)
    {
        var start = Create(folder, ports);
        foreach (var argument in (string[])
            ["--environment", "Cluster", $"--ConnectionStrings:Keeper={connectionString}", "--Orleans:Endpoints:AdvertisedIPAddress=127.0.0.1"])
            start.ArgumentList.Add(argument);
        return start;
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, Assembly);
            if (File.Exists(path))
                return path;
        }

        throw new FileNotFoundException($"{Assembly} is not built: run dotnet build Silo -c Release.");
    }
}
