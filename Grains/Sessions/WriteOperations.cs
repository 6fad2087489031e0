using OrleansKeeper.Protocol;

namespace OrleansKeeper.Grains.Sessions;

/// <summary>
/// The operations of a client that become transactions. Reconfig is one that always fails here, as in a standalone ZooKeeper;
/// deleteContainer is the service's own, since it asks for no permission.
/// </summary>
internal static class WriteOperations
{
    public static bool Contains(OpCode operation) => operation is
        OpCode.Create or OpCode.Create2 or OpCode.CreateContainer or OpCode.CreateTtl or OpCode.Delete or OpCode.SetData or OpCode.SetAcl
        or OpCode.Multi or OpCode.Reconfig or OpCode.CloseSession;
}
