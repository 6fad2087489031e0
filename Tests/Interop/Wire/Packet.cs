namespace OrleansKeeper.Tests.Interop.Wire;

/// <summary>A reply or a watch event: the reply header and what follows it.</summary>
public sealed record Packet(int Xid, long Zxid, int Err, byte[] Body)
{
    public bool IsEvent => Xid == Wire.Xid.Notification;

    public JuteReader Read() => new(Body);

    public static Packet Parse(byte[] frame)
    {
        var reader = new JuteReader(frame);
        return new Packet(reader.Int(), reader.Long(), reader.Int(), frame[16..]);
    }
}
