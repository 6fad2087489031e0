namespace OrleansKeeper.Grains.ZNodes;

/// <summary>What ends a znode's life besides a delete.</summary>
internal enum ZNodeKind : byte
{
    /// <summary>Nothing does.</summary>
    Persistent = 0,

    /// <summary>The end of the session that owns it.</summary>
    Ephemeral = 1,

    /// <summary>Having had children and having none any more.</summary>
    Container = 2,

    /// <summary>Having neither children nor a change for its time to live.</summary>
    Ttl = 3,
}
