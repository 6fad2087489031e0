using OrleansKeeper.GrainInterfaces.Attachments;
using OrleansKeeper.Grains.Watches;

namespace OrleansKeeper.Grains.Attachments;

/// <summary>What a client's watches are in a watch table.</summary>
internal static class WatchRegistrationsExtensions
{
    /// <summary>The one-shot watches, by table and path.</summary>
    public static IEnumerable<(WatchKind Kind, string Path)> OneShots(this WatchRegistrations watches) =>
        watches.Data.Concat(watches.Exists).Select(path => (WatchKind.Data, path))
            .Concat(watches.Children.Select(path => (WatchKind.Children, path)));

    /// <summary>Sets the one-shot watches.</summary>
    public static void AddOneShotsTo(this WatchRegistrations watches, WatchTable table, IWatcher watcher)
    {
        foreach (var (kind, path) in watches.OneShots())
            table.Add(kind, path, watcher, WatchModes.Standard);
    }

    /// <summary>Sets the persistent watches.</summary>
    public static void AddPersistentTo(this WatchRegistrations watches, WatchTable table, IWatcher watcher)
    {
        foreach (var path in watches.Persistent)
            table.AddPersistent(path, watcher);
        foreach (var path in watches.PersistentRecursive)
            table.AddPersistentRecursive(path, watcher);
    }
}
