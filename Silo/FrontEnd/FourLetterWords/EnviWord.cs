using System.Runtime.InteropServices;

namespace OrleansKeeper.Silo.FrontEnd.FourLetterWords;

/// <summary>Where the server runs. Clients read the version here; the lines that ZooKeeper has for Java tell of .NET.</summary>
internal sealed class EnviWord : IFourLetterWord
{
    public string Word => "envi";

    public string Answer() => $"""
        Environment:
        zookeeper.version={ServerVersion.Text}, built on {ServerVersion.BuiltOn}
        host.name={Environment.MachineName}
        dotnet.version={Environment.Version}
        dotnet.home={RuntimeEnvironment.GetRuntimeDirectory()}
        os.name={RuntimeInformation.OSDescription}
        os.arch={RuntimeInformation.OSArchitecture}
        os.version={Environment.OSVersion.Version}
        user.name={Environment.UserName}
        user.dir={Environment.CurrentDirectory}
        memory.used={GC.GetTotalMemory(forceFullCollection: false) / (1024 * 1024)}MB
        memory.available={GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024 * 1024)}MB

        """;
}
