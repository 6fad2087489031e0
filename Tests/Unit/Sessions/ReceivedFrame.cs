using OrleansKeeper.Protocol.Jute;
using OrleansKeeper.Protocol.Messages;

namespace OrleansKeeper.Tests.Unit.Sessions;

/// <summary>A reply or event as the client received it.</summary>
internal sealed class ReceivedFrame
{
    private readonly byte[] _body;

    public ReceivedFrame(byte[] frame)
    {
        var reader = new JuteReader(frame);
        Header = ReplyHeader.Read(ref reader);
        _body = frame[Header.Size..];
    }

    public ReplyHeader Header { get; }

    public int Xid => Header.Xid;

    public bool HasBody => _body.Length > 0;

    public T Body<T>()
        where T : IJuteRecord<T> => JuteRecords.Parse<T>(_body);
}
