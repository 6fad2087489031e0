using System.Net;

namespace OrleansKeeper.Tests.Interop.Servers;

/// <summary>The servers of every target, and a cluster among them, which the classes of <see cref="TargetCollection"/> share.</summary>
public sealed class TargetServers(ServerPair pair) : IAsyncLifetime
{
    public ServerCluster Cluster { get; } = new();

    /// <summary>One server, or those of the cluster: what is known on one of them may not be known yet on another.</summary>
    public IReadOnlyList<ServerProcess> this[Target target] => target == Target.Cluster ? Cluster.Servers : [pair[target]];

    /// <summary>Where a session begins.</summary>
    public IPEndPoint First(Target target) => this[target][0].EndPoint;

    /// <summary>Where a session comes back: another server, if there are several.</summary>
    public IPEndPoint Other(Target target) => this[target][^1].EndPoint;

    /// <summary>As clients write it that may use any of the servers.</summary>
    public string ConnectString(Target target) => string.Join(',', this[target].Select(server => server.ConnectString));

    public async ValueTask InitializeAsync()
    {
        try
        {
            await Cluster.StartAsync();
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync()
    {
        if (KeepLogsOnFailureAttribute.AnyTestFailed)
            Cluster.KeepLogs();
        return Cluster.DisposeAsync();
    }
}
