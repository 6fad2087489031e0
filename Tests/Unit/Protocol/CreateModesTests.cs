using OrleansKeeper.Protocol;

namespace OrleansKeeper.Tests.Unit.Protocol;

public sealed class CreateModesTests
{
    [Theory]
    [InlineData(0, false, false, false, false)]
    [InlineData(1, true, false, false, false)]
    [InlineData(2, false, true, false, false)]
    [InlineData(3, true, true, false, false)]
    [InlineData(4, false, false, true, false)]
    [InlineData(5, false, false, false, true)]
    [InlineData(6, false, true, false, true)]
    public void EveryModeIsAKindOfNode(int flags, bool ephemeral, bool sequential, bool container, bool ttl)
    {
        var mode = (CreateMode)flags;

        Assert.True(CreateModes.IsDefined(flags));
        Assert.Equal((ephemeral, sequential, container, ttl), (mode.IsEphemeral(), mode.IsSequential(), mode.IsContainer(), mode.IsTtl()));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(7)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    public void OtherFlagsAreNone(int flags) => Assert.False(CreateModes.IsDefined(flags));
}
