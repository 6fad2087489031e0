namespace OrleansKeeper.Protocol;

/// <summary>The outcome of a request, in its reply. No code may be added: Java clients fail on those they do not know.</summary>
public enum ErrorCode
{
    /// <summary>Success.</summary>
    Ok = 0,

    /// <summary>A fault of the server that no other code describes.</summary>
    SystemError = -1,

    /// <summary>An operation of a multi that was not tried, because one before it failed.</summary>
    RuntimeInconsistency = -2,

    /// <summary>The server found its data inconsistent.</summary>
    DataInconsistency = -3,

    /// <summary>The connection was lost; the outcome is unknown.</summary>
    ConnectionLoss = -4,

    /// <summary>The request could not be read.</summary>
    MarshallingError = -5,

    /// <summary>There is no such operation.</summary>
    Unimplemented = -6,

    /// <summary>The operation took too long.</summary>
    OperationTimeout = -7,

    /// <summary>An argument is invalid.</summary>
    BadArguments = -8,

    /// <summary>The C client's handle is in no state for this call.</summary>
    InvalidState = -9,

    /// <summary>There is no such session; internal to servers.</summary>
    UnknownSession = -12,

    /// <summary>The new configuration has no quorum of connected members.</summary>
    NewConfigNoQuorum = -13,

    /// <summary>Another reconfiguration is under way.</summary>
    ReconfigInProgress = -14,

    /// <summary>The C client could not set up TLS.</summary>
    SslConnectionError = -15,

    /// <summary>Bounds the errors that belong to an operation; never sent.</summary>
    ApiError = -100,

    /// <summary>There is no such node.</summary>
    NoNode = -101,

    /// <summary>The node's access control list does not allow it.</summary>
    NoAuth = -102,

    /// <summary>The node's version is not the one asked for.</summary>
    BadVersion = -103,

    /// <summary>Ephemeral nodes have no children.</summary>
    NoChildrenForEphemerals = -108,

    /// <summary>The node exists already.</summary>
    NodeExists = -110,

    /// <summary>The node has children.</summary>
    NotEmpty = -111,

    /// <summary>The session has expired.</summary>
    SessionExpired = -112,

    /// <summary>The C client was given an invalid callback.</summary>
    InvalidCallback = -113,

    /// <summary>The access control list is invalid.</summary>
    InvalidAcl = -114,

    /// <summary>Authentication failed.</summary>
    AuthFailed = -115,

    /// <summary>The C client is closing.</summary>
    Closing = -116,

    /// <summary>The C client had nothing to process.</summary>
    Nothing = -117,

    /// <summary>The session has moved to another server.</summary>
    SessionMoved = -118,

    /// <summary>A write was sent to a read-only server.</summary>
    NotReadOnly = -119,

    /// <summary>An ephemeral node cannot belong to a local session.</summary>
    EphemeralOnLocalSession = -120,

    /// <summary>There is no such watch.</summary>
    NoWatcher = -121,

    /// <summary>The client gave up waiting for the reply.</summary>
    RequestTimeout = -122,

    /// <summary>Reconfiguration is disabled.</summary>
    ReconfigDisabled = -123,

    /// <summary>The session was closed because the server requires authentication.</summary>
    SessionClosedRequireSaslAuth = -124,

    /// <summary>A quota would be exceeded.</summary>
    QuotaExceeded = -125,

    /// <summary>The server is overloaded and dropped the request.</summary>
    ThrottledOp = -127,
}
