namespace OrleansKeeper.Tests.Robustness.Cluster.Networks;

internal enum LinkState
{
    Whole,

    /// <summary>Connections are reset, and new ones too: as when a machine or a firewall refuses them.</summary>
    Cut,

    /// <summary>Connections stay, also new ones, but nothing comes through: as when a cable is out, or packets are dropped.</summary>
    Stalled,
}
