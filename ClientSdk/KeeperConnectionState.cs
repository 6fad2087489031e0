namespace OrleansKeeper.ClientSdk;

/// <summary>What a client knows of its connection, and with it of what its session owns.</summary>
public enum KeeperConnectionState
{
    /// <summary>Not connected yet.</summary>
    Connecting,

    /// <summary>Connected: the session is alive, and what it owns is its own.</summary>
    Connected,

    /// <summary>The connection is lost for now. The session may still be alive; whoever relies on it exclusively should pause.</summary>
    Suspended,

    /// <summary>The connection is lost for longer than the session's timeout: the service may have expired the session.</summary>
    Lost,

    /// <summary>The service says that the session has expired: its ephemeral znodes are gone. Another session is opened.</summary>
    Expired,

    /// <summary>The client was disposed.</summary>
    Closed,
}
