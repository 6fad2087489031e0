using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.ClientSdk.Requests;

/// <summary>The body of a request that has none.</summary>
internal readonly record struct EmptyBody : IJuteWritable
{
    public int Size => 0;

    public void Write(ref JuteWriter writer)
    {
    }
}
