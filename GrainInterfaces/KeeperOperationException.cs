using OrleansKeeper.Protocol;
using ErrorCode = OrleansKeeper.Protocol.ErrorCode;

namespace OrleansKeeper.GrainInterfaces;

/// <summary>An operation on a znode was refused.</summary>
[GenerateSerializer, Alias("OrleansKeeper.KeeperOperationException")]
public sealed class KeeperOperationException : Exception
{
    /// <summary>An operation on a path was refused with an error of ZooKeeper's.</summary>
    public KeeperOperationException(OpCode operation, string path, ErrorCode error)
        : base($"{operation} of {path} failed: {error}.")
    {
        Operation = operation;
        Path = path;
        Error = error;
    }

    /// <summary>What was asked for.</summary>
    [Id(0)]
    public OpCode Operation { get; }

    /// <summary>Of which znode.</summary>
    [Id(1)]
    public string Path { get; }

    /// <summary>Why it was refused.</summary>
    [Id(2)]
    public ErrorCode Error { get; }
}
