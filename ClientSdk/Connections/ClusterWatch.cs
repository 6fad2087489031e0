using Microsoft.Extensions.DependencyInjection;

namespace OrleansKeeper.ClientSdk.Connections;

/// <summary>Hears from Orleans when a gateway is gone, so that clients need not wait for a sign of life to fail.</summary>
internal sealed class ClusterWatch : IClusterConnectionStatusObserver
{
    private event Action? Changed;

    /// <summary>The one of an Orleans client; null when the client was made without <c>AddKeeper</c>, as inside a silo.</summary>
    public static ClusterWatch? Find(IClusterClient cluster) => cluster.ServiceProvider.GetService<ClusterWatch>();

    /// <summary>Has an action called when the number of gateways changes.</summary>
    public IDisposable Subscribe(Action action)
    {
        Changed += action;
        return new Subscription(this, action);
    }

    public void NotifyGatewayCountChanged(int currentNumberOfGateways, int previousNumberOfGateways, bool connectionRecovered) => Changed?.Invoke();

    public void NotifyClusterConnectionLost() => Changed?.Invoke();

    private sealed class Subscription(ClusterWatch watch, Action action) : IDisposable
    {
        public void Dispose() => watch.Changed -= action;
    }
}
