using OrleansKeeper.GrainInterfaces;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk;

/// <summary>Reaches znodes from anything that can call grains: an Orleans client, a silo, another grain.</summary>
public static class KeeperGrainFactoryExtensions
{
    /// <summary>
    /// The znode at a path. Its calls belong to no session: see <see cref="IZNodeGrain"/> for what they promise.
    /// </summary>
    /// <param name="grains">The Orleans client, or the grain factory inside a silo.</param>
    /// <param name="path">The path, from the root: <c>/config/app</c>.</param>
    /// <exception cref="ArgumentException">The path is not one that a znode can have; the message says why.</exception>
    public static IZNodeGrain GetZNode(this IGrainFactory grains, string path)
    {
        ArgumentNullException.ThrowIfNull(grains);
        if (ZNodePath.Validate(path, sequential: false) is { } complaint)
            throw new ArgumentException($"\"{path}\" is not a path of a znode. {complaint}", nameof(path));

        return grains.GetGrain<IZNodeGrain>(path);
    }
}
