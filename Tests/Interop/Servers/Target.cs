namespace OrleansKeeper.Tests.Interop.Servers;

/// <summary>Which server a test talks to. Every test of a protocol detail runs against both, so that it proves itself on ZooKeeper.</summary>
public enum Target
{
    /// <summary>The genuine ZooKeeper.</summary>
    ZooKeeper,

    /// <summary>The server under test.</summary>
    Ours,

    /// <summary>Three of the servers under test that serve one tree.</summary>
    Cluster,
}
