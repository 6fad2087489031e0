using System.Reflection;

namespace OrleansKeeper.Silo.FrontEnd.FourLetterWords;

/// <summary>
/// The version that clients and monitors are told: that of the ZooKeeper whose behaviour this server has, since they go by it to decide
/// what they may ask for, with our own behind it.
/// </summary>
internal static class ServerVersion
{
    private const string CompatibleZooKeeper = "3.9.4";

    public static string Text { get; } =
        $"{CompatibleZooKeeper}-OrleansKeeper-{typeof(ServerVersion).Assembly.GetName().Version?.ToString(3)}";

    /// <summary>When this program was built, as ZooKeeper writes it.</summary>
    public static string BuiltOn { get; } = File.GetLastWriteTimeUtc(Assembly.GetExecutingAssembly().Location).ToString("yyyy-MM-dd HH:mm 'UTC'", null);
}
