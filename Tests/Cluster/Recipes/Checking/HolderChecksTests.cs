namespace OrleansKeeper.Tests.Cluster.Recipes.Checking;

/// <summary>The checker finds what it is there to find.</summary>
public sealed class HolderChecksTests
{
    [Fact]
    public void HoldersOneAfterTheOtherAreInOrder() =>
        Assert.Null(HolderChecks.FindOverlap([new(11, 1), new(12, 1), new(15, 3), new(13, 2), new(14, 2)]));

    [Fact]
    public void WriteOfAFormerHolderAmongThoseOfTheNextIsFound() =>
        Assert.Equal((new(12, 2), new(13, 1)), HolderChecks.FindOverlap([new(11, 1), new(12, 2), new(13, 1), new(14, 2)]));

    [Fact]
    public void RegisterRefusesASmallerToken()
    {
        var register = new FencedRegister();
        Assert.True(register.TryWrite(5) && register.TryWrite(5) && register.TryWrite(7));
        Assert.False(register.TryWrite(6));
        Assert.Equal(1, register.Refusals);
    }
}
