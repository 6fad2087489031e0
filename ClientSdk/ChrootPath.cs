using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk;

/// <summary>Paths as a client with a chroot names them, and as the service does.</summary>
internal static class ChrootPath
{
    /// <summary>The service's name for a path.</summary>
    public static string ToService(string chroot, string path) =>
        chroot == ZNodePath.Root ? path : path == ZNodePath.Root ? chroot : chroot + path;

    /// <summary>The client's name for a path at or below its chroot.</summary>
    public static string ToClient(string chroot, string path) =>
        chroot == ZNodePath.Root ? path : path.Length == chroot.Length ? ZNodePath.Root : path[chroot.Length..];

    /// <summary>A path that was checked.</summary>
    /// <exception cref="ArgumentException">It is not one that a znode can have; the message says why.</exception>
    public static string Check(string path, bool isSequential = false)
    {
        ArgumentNullException.ThrowIfNull(path);
        return ZNodePath.Validate(path, isSequential) is { } complaint
            ? throw new ArgumentException($"\"{path}\" is not a path of a znode. {complaint}", nameof(path))
            : path;
    }
}
