using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Jute;
using OrleansKeeper.Protocol.Messages;

namespace OrleansKeeper.Tests.Robustness.Clients;

/// <summary>An answer, and how many events its connection had got before it.</summary>
internal sealed record Reply(ReplyHeader Header, ReadOnlyMemory<byte> Body, int EventsBefore)
{
    public long Zxid => Header.Zxid;

    public ErrorCode Error => Header.Error;

    public bool IsOk => Header.Error == ErrorCode.Ok;

    public T Read<T>() where T : IJuteRecord<T>
    {
        Assert.Equal(ErrorCode.Ok, Error);
        return JuteRecords.Parse<T>(Body.Span);
    }
}
