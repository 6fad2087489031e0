namespace OrleansKeeper.Protocol;

/// <summary>What a request asks for: the type in its header.</summary>
public enum OpCode
{
    /// <summary>Marks a failed operation in the results of a multi, and the end of a multi's operations; never a request.</summary>
    Error = -1,

    /// <summary>Never sent by clients.</summary>
    Notification = 0,

    /// <summary>Creates a node and returns its path.</summary>
    Create = 1,

    /// <summary>Deletes a node.</summary>
    Delete = 2,

    /// <summary>Returns a node's stat.</summary>
    Exists = 3,

    /// <summary>Returns a node's data and stat.</summary>
    GetData = 4,

    /// <summary>Sets a node's data and returns its stat.</summary>
    SetData = 5,

    /// <summary>Returns a node's access control list and stat.</summary>
    GetAcl = 6,

    /// <summary>Sets a node's access control list and returns its stat.</summary>
    SetAcl = 7,

    /// <summary>Returns the names of a node's children.</summary>
    GetChildren = 8,

    /// <summary>Waits until the server has seen all that was committed before.</summary>
    Sync = 9,

    /// <summary>Keeps the session alive.</summary>
    Ping = 11,

    /// <summary>Returns the names of a node's children and its stat.</summary>
    GetChildren2 = 12,

    /// <summary>Checks a node's version; inside a multi only.</summary>
    Check = 13,

    /// <summary>Several writes that succeed or fail together.</summary>
    Multi = 14,

    /// <summary>Creates a node and returns its path and stat.</summary>
    Create2 = 15,

    /// <summary>Changes the ensemble's members.</summary>
    Reconfig = 16,

    /// <summary>Asks whether there is such a watch.</summary>
    CheckWatches = 17,

    /// <summary>Removes watches.</summary>
    RemoveWatches = 18,

    /// <summary>Creates a container node and returns its path and stat.</summary>
    CreateContainer = 19,

    /// <summary>Deletes an empty container; sent by servers.</summary>
    DeleteContainer = 20,

    /// <summary>Creates a node with a time to live and returns its path and stat.</summary>
    CreateTtl = 21,

    /// <summary>Several reads, each with a result of its own.</summary>
    MultiRead = 22,

    /// <summary>Adds an identity to the connection.</summary>
    Auth = 100,

    /// <summary>Sets watches again after a reconnect.</summary>
    SetWatches = 101,

    /// <summary>One step of a SASL negotiation.</summary>
    Sasl = 102,

    /// <summary>Returns the paths of the session's ephemeral nodes.</summary>
    GetEphemerals = 103,

    /// <summary>Returns how many descendants a node has.</summary>
    GetAllChildrenNumber = 104,

    /// <summary>Sets watches, persistent ones too, again after a reconnect.</summary>
    SetWatches2 = 105,

    /// <summary>Adds a persistent watch.</summary>
    AddWatch = 106,

    /// <summary>Returns the connection's identities.</summary>
    WhoAmI = 107,

    /// <summary>Creates a session; never sent by clients.</summary>
    CreateSession = -10,

    /// <summary>Closes the session.</summary>
    CloseSession = -11,

    /// <summary>Another server carries the session from now on; never sent by clients, nor known to ZooKeeper.</summary>
    AttachSession = -12,
}
