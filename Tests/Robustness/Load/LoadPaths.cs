using System.Globalization;

namespace OrleansKeeper.Tests.Robustness.Load;

/// <summary>Where the load puts what.</summary>
internal static class LoadPaths
{
    public const string Root = "/load";

    /// <summary>Parent of the sequential znodes of all clients.</summary>
    public const string Queue = Root + "/queue";

    /// <summary>Parent of the registers, which all clients write.</summary>
    public const string Registers = Root + "/registers";

    /// <summary>Parent of what only one client each writes: a folder a client.</summary>
    public const string Owned = Root + "/owned";

    /// <summary>Parent of short-lived znodes of all clients, which list and watch it.</summary>
    public const string Members = Root + "/members";

    /// <summary>Parent of the places in the queue for the lock.</summary>
    public const string Lock = Root + "/lock";

    /// <summary>What only the lock's holder writes.</summary>
    public const string Guarded = Root + "/guarded";

    public const int RegisterCount = 3;

    public static string Register(int number) => string.Create(CultureInfo.InvariantCulture, $"{Registers}/r{number}");

    public static string OwnedBy(int client) => string.Create(CultureInfo.InvariantCulture, $"{Owned}/c{client}");

    public static string QueueEntryPrefix => Queue + "/entry-";
}
