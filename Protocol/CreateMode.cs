namespace OrleansKeeper.Protocol;

/// <summary>What kind of node to create: the flags of a create request.</summary>
public enum CreateMode
{
    /// <summary>Stays until it is deleted.</summary>
    Persistent = 0,

    /// <summary>Is deleted with the session that created it.</summary>
    Ephemeral = 1,

    /// <summary>Stays until it is deleted; a counter of the parent is appended to the name.</summary>
    PersistentSequential = 2,

    /// <summary>Is deleted with the session that created it; a counter of the parent is appended to the name.</summary>
    EphemeralSequential = 3,

    /// <summary>Is deleted by the server some time after its last child.</summary>
    Container = 4,

    /// <summary>Is deleted by the server when it is unchanged and has no children for its time to live.</summary>
    PersistentWithTtl = 5,

    /// <summary>As with a time to live; a counter of the parent is appended to the name.</summary>
    PersistentSequentialWithTtl = 6,
}
