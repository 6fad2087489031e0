namespace OrleansKeeper.ClientSdk.ClusterStatus;

/// <summary>What happened to a node.</summary>
public enum NodeChangeKind
{
    /// <summary>It is there, and was not before.</summary>
    Joined,

    /// <summary>It published another status.</summary>
    Changed,

    /// <summary>It is gone: it stopped, or its session expired.</summary>
    Left,
}
