using OrleansKeeper.Grains.Watches;

namespace OrleansKeeper.Tests.Unit.Watches;

public sealed class DeliveryRoundTests
{
    [Fact]
    public void WhoeverWasTouchedIsFlushedOnceARound()
    {
        var round = new DeliveryRound();
        var touched = new RecordingWatcher();
        var untouched = new RecordingWatcher();
        round.Touch(touched);
        round.Touch(touched);

        round.Flush();
        round.Flush();
        Assert.Equal((1, 0), (touched.Flushes, untouched.Flushes));

        round.Touch(touched);
        round.Flush();
        Assert.Equal(2, touched.Flushes);
    }
}
