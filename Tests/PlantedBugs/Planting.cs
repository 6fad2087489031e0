using Microsoft.Extensions.DependencyInjection;
using OrleansKeeper.Grains.Clustering;
using OrleansKeeper.Grains.Sessions;
using OrleansKeeper.Grains.Storage;

namespace OrleansKeeper.Tests.PlantedBugs;

/// <summary>How each bug gets into a silo: something takes the place of one of its services, or one of them is missing.</summary>
internal static class Planting
{
    private const string HookVariable = "DOTNET_STARTUP_HOOKS";
    private const string BugVariable = "KEEPER_PLANTED_BUG";

    /// <summary>The environment in which a silo must be started to have a bug.</summary>
    public static IReadOnlyDictionary<string, string> EnvironmentOf(PlantedBug bug) => new Dictionary<string, string>
    {
        [HookVariable] = typeof(Planting).Assembly.Location,
        [BugVariable] = $"{bug}",
    };

    /// <summary>The bug that this process is to have.</summary>
    public static PlantedBug FromEnvironment() =>
        Enum.TryParse<PlantedBug>(Environment.GetEnvironmentVariable(BugVariable), out var bug)
            ? bug
            : throw new InvalidOperationException($"{BugVariable} names none of {string.Join(", ", Enum.GetNames<PlantedBug>())}.");

    /// <summary>Changes a silo's services so that it has a bug.</summary>
    public static void Plant(PlantedBug bug, IServiceCollection services)
    {
        switch (bug)
        {
            case PlantedBug.UnfencedAppend:
                services.Replace<ITransactionLog, UnfencedTransactionLog>();
                break;
            case PlantedBug.ReorderedFeed:
                services.Replace<ISilos, ReorderingSilos>();
                break;
            case PlantedBug.LostWatch:
                services.AddHostedService<WatchLoss>();
                break;
            case PlantedBug.StaleSync:
                services.Replace<ITransactionLog, UnaskedTransactionLog>();
                services.Replace<ISilos, SlowSilos>();
                break;
            case PlantedBug.LostHeartbeats:
                services.Remove(services.Single(service => service.ImplementationType == typeof(HeartbeatSender)));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(bug), bug, "not a bug");
        }
    }
}
