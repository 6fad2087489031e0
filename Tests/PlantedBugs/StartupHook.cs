using System.Diagnostics;
using OrleansKeeper.Tests.PlantedBugs;

/// <summary>
/// Plants a bug in the process that the runtime loads this into, before its <c>Main</c>: a silo, started with <c>DOTNET_STARTUP_HOOKS</c>. The
/// runtime looks for this name outside of any namespace. The silo itself knows nothing of it.
/// </summary>
internal static class StartupHook
{
    /// <summary>Called by the runtime.</summary>
    public static void Initialize() => DiagnosticListener.AllListeners.Subscribe(new HostObserver(Planting.FromEnvironment()));
}
