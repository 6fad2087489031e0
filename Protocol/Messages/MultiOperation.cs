using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>One operation of a <see cref="MultiRequest"/>: a type and the body that an ordinary request of that type has.</summary>
/// <param name="Type">The type of the operation.</param>
public abstract record MultiOperation(OpCode Type)
{
    /// <summary>Whether this is a read. A multi has reads only or writes only.</summary>
    public virtual bool IsRead => false;

    /// <summary>The type of the operation's result if it succeeds.</summary>
    public virtual OpCode ResultType => Type;

    internal abstract int BodySize { get; }

    internal abstract void WriteBody(ref JuteWriter writer);

    // ZooKeeper goes by the flags here, not by the type: no create in a multi has a stat in its result, unless it is of a container
    // or a node with a time to live.
    private protected static OpCode ResultTypeOfCreate(int flags) =>
        (CreateMode)flags is CreateMode.Container or CreateMode.PersistentWithTtl or CreateMode.PersistentSequentialWithTtl
            ? OpCode.Create2
            : OpCode.Create;

    internal static MultiOperation ReadBody(OpCode type, ref JuteReader reader) => type switch
    {
        OpCode.Create or OpCode.Create2 or OpCode.CreateContainer => new CreateOperation(type, CreateRequest.Read(ref reader)),
        OpCode.CreateTtl => new CreateTtlOperation(CreateTtlRequest.Read(ref reader)),
        OpCode.Delete => new DeleteOperation(DeleteRequest.Read(ref reader)),
        OpCode.SetData => new SetDataOperation(SetDataRequest.Read(ref reader)),
        OpCode.Check => new CheckOperation(CheckVersionRequest.Read(ref reader)),
        OpCode.GetChildren => new GetChildrenOperation(PathWatchRequest.Read(ref reader)),
        OpCode.GetData => new GetDataOperation(PathWatchRequest.Read(ref reader)),
        _ => throw new JuteFormatException($"Invalid type of operation in a multi: {(int)type}."),
    };
}
