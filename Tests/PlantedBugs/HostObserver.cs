using System.Diagnostics;
using Microsoft.Extensions.Hosting;

namespace OrleansKeeper.Tests.PlantedBugs;

/// <summary>
/// Waits for the process to build its host, which every .NET host announces together with itself, and plants the bug in its services just
/// before they are made.
/// </summary>
internal sealed class HostObserver(PlantedBug bug) : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
{
    private const string Source = "Microsoft.Extensions.Hosting";
    private const string HostBuilding = "HostBuilding";

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == Source)
            value.Subscribe(this);
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Key == HostBuilding)
            ((IHostBuilder)value.Value!).ConfigureServices(services => Planting.Plant(bug, services));
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }
}
