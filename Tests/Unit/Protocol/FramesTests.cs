using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Messages;

namespace OrleansKeeper.Tests.Unit.Protocol;

public sealed class FramesTests
{
    [Fact]
    public void FrameOfOneRecordIsPrefixedByItsLength()
    {
        var header = new RequestHeader(WellKnownXids.Ping, OpCode.Ping);
        var bytes = new byte[Frames.SizeOf(header)];

        Assert.Equal(bytes.Length, Frames.Write(bytes, header));
        Assert.Equal("00000008FFFFFFFE0000000B", Convert.ToHexString(bytes));
    }

    [Fact]
    public void FrameOfHeaderAndBodyIsPrefixedByTheLengthOfBoth()
    {
        var header = new ReplyHeader(1, 2, ErrorCode.Ok);
        var body = new PathResponse("/a");
        var bytes = new byte[Frames.SizeOf(header, body) + 1];

        Assert.Equal(bytes.Length - 1, Frames.Write(bytes, header, body));
        Assert.Equal("00000016" + "00000001" + "0000000000000002" + "00000000" + "000000022F61" + "00", Convert.ToHexString(bytes));
    }

    [Fact]
    public void SizesOfFixedRecordsAreTheirWireSizes()
    {
        Assert.Equal(16, ReplyHeader.WireSize);
        Assert.Equal(8, RequestHeader.WireSize);
        Assert.Equal(9, MultiHeader.WireSize);
        Assert.Equal(68, Stat.WireSize);
        Assert.Equal(12, Acl.MinimumWireSize);
        Assert.Equal(1048575, WireLimits.DefaultMaxRequestBytes);
    }
}
