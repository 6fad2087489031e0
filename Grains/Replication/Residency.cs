namespace OrleansKeeper.Grains.Replication;

/// <summary>What the replica knows about a path.</summary>
internal enum Residency
{
    /// <summary>There is a znode, and its version is in memory (its data perhaps not).</summary>
    Present,

    /// <summary>There is no znode.</summary>
    Absent,

    /// <summary>Only the store knows: it has to be loaded first.</summary>
    NotResident,
}
