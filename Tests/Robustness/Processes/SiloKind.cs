using System.Diagnostics;
using System.Globalization;

namespace OrleansKeeper.Tests.Robustness.Processes;

/// <summary>The silo as it was built last, Release or Debug; <c>KEEPER_SILO</c> names another one.</summary>
internal sealed class SiloKind : ServerKind
{
    private const string PathVariable = "KEEPER_SILO";
    private const string AssemblyName = "OrleansKeeper.Silo.dll";

    public override string Name => "silo";

    public override int TerminatedExitCode => 0;

    public override bool HasLinearizableSync => true;

    public override bool KeepsConnections => true;

    public override ProcessStartInfo StartInfo(ServerSettings settings)
    {
        var start = new ProcessStartInfo("dotnet") { ArgumentList = { Assembly() } };
        Add("Keeper:ClientPort", settings.Ports[0]);
        Add("Keeper:DataDirectory", settings.DataDirectory);
        Add("Keeper:AdminPort", settings.Ports[1]);
        Add("Orleans:Endpoints:SiloPort", settings.SiloPort);
        Add("Orleans:Endpoints:GatewayPort", settings.GatewayPort);
        Add("Keeper:TickTime", settings.TickTime.TotalMilliseconds);
        if (settings.MaxClientConnections is { } most)
            Add("Keeper:MaxClientConnections", most);
        foreach (var argument in settings.Arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in settings.Environment)
            start.Environment[name] = value;
        return start;

        void Add(string key, object value) =>
            start.ArgumentList.Add(string.Create(CultureInfo.InvariantCulture, $"--{key}={value}"));
    }

    private static string Assembly()
    {
        if (Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } path)
            return path;

        var output = Path.Combine(Repository.Root, "Silo", "bin");
        var built = Directory.Exists(output) ? Directory.GetFiles(output, AssemblyName, SearchOption.AllDirectories) : [];
        return built.MaxBy(File.GetLastWriteTimeUtc)
            ?? throw new FileNotFoundException($"The silo is not built: no {AssemblyName} below {output}.");
    }
}
