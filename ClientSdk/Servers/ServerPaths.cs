using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Servers;

/// <summary>
/// Where servers register: below a znode for each service, <c>/servers/orders</c>, each server with an ephemeral, sequential znode,
/// <c>/servers/orders/server-0000000002</c>, that holds what a <see cref="ServerDescription"/> says.
/// </summary>
public static class ServerPaths
{
    /// <summary>The services' parent, unless one is named.</summary>
    public const string DefaultRoot = "/servers";

    /// <summary>What the names of servers begin with; the service appends a counter.</summary>
    public const string NamePrefix = "server-";

    /// <summary>Below which znode the servers of a service register.</summary>
    /// <param name="service">The service's name: <c>orders</c>.</param>
    /// <param name="root">The services' parent.</param>
    /// <exception cref="ArgumentException">The name or the parent cannot be a znode's.</exception>
    public static string OfService(string service, string root = DefaultRoot)
    {
        ArgumentNullException.ThrowIfNull(root);
        if (string.IsNullOrEmpty(service) || service.Contains('/', StringComparison.Ordinal))
            throw new ArgumentException($"\"{service}\" cannot be the name of a service: it is empty or contains a slash.", nameof(service));

        var path = root == ZNodePath.Root ? $"/{service}" : $"{root}/{service}";
        if (ZNodePath.Validate(path, sequential: false) is { } complaint)
            throw new ArgumentException($"\"{path}\" is not a path of a znode. {complaint}", nameof(service));
        return path;
    }
}
