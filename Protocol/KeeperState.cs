namespace OrleansKeeper.Protocol;

/// <summary>The state of the connection, in a watch event. Servers only ever send SyncConnected.</summary>
public enum KeeperState
{
    /// <summary>The session has expired.</summary>
    Expired = -112,

    /// <summary>Unused.</summary>
    Unknown = -1,

    /// <summary>There is no connection.</summary>
    Disconnected = 0,

    /// <summary>Unused.</summary>
    NoSyncConnected = 1,

    /// <summary>Connected to a server that takes part in the ensemble.</summary>
    SyncConnected = 3,

    /// <summary>Authentication failed.</summary>
    AuthFailed = 4,

    /// <summary>Connected to a read-only server.</summary>
    ConnectedReadOnly = 5,

    /// <summary>Authenticated by SASL.</summary>
    SaslAuthenticated = 6,

    /// <summary>The client has closed the session.</summary>
    Closed = 7,
}
