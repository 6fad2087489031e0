namespace OrleansKeeper.ClientSdk.Recipes.Nodes;

/// <summary>What to do about an ephemeral znode of another session that is in the way.</summary>
public enum ExistingNode
{
    /// <summary>
    /// Replace it: it is thought to be of a session of one's own that is about to expire, after a crash for example. Two clients that are alive and
    /// want the same path take it from each other, at growing intervals.
    /// </summary>
    Replace,

    /// <summary>Wait until it goes.</summary>
    Wait,
}
