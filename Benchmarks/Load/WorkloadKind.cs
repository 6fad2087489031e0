namespace OrleansKeeper.Benchmarks.Load;

internal enum WorkloadKind
{
    GetData,
    Exists,

    /// <summary>Lists all keys.</summary>
    GetChildren,
    SetData,

    /// <summary>Reads and writes of keys, so many percent reads.</summary>
    Mix,

    /// <summary>Persistent znodes below one parent, which stay.</summary>
    Create,

    /// <summary>Creates a znode, then deletes it: only the deletion is counted and timed.</summary>
    Delete,

    /// <summary>Sequential ephemeral znodes below one parent.</summary>
    CreateSequential,
    CreateEphemeral,

    /// <summary>Creates a znode, then deletes it: two operations.</summary>
    CreateAndDelete,
}
