using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>The result of one operation of a multi: a type and the body that an ordinary reply of that type has.</summary>
/// <param name="Type">The type of the result, which is not always that of the operation.</param>
public abstract record MultiResult(OpCode Type)
{
    /// <summary>The outcome.</summary>
    public virtual ErrorCode Error => ErrorCode.Ok;

    internal abstract int BodySize { get; }

    internal abstract void WriteBody(ref JuteWriter writer);

    internal static MultiResult ReadBody(OpCode type, ref JuteReader reader) => type switch
    {
        OpCode.Create => new CreateResult(CreateResponse.Read(ref reader)),
        OpCode.Create2 => new Create2Result(Create2Response.Read(ref reader)),
        OpCode.SetData => new SetDataResult(SetDataResponse.Read(ref reader)),
        OpCode.Delete => new DeleteResult(),
        OpCode.Check => new CheckResult(),
        OpCode.GetChildren => new GetChildrenResult(GetChildrenResponse.Read(ref reader)),
        OpCode.GetData => new GetDataResult(GetDataResponse.Read(ref reader)),
        OpCode.Error => new ErrorResult(ErrorResponse.Read(ref reader)),
        _ => throw new JuteFormatException($"Invalid type of result in a multi: {(int)type}."),
    };
}
