using OrleansKeeper.ClientSdk.LoadBalancing;
using OrleansKeeper.ClientSdk.Servers;

namespace OrleansKeeper.Tests.Unit.LoadBalancing;

public sealed class ServerSelectorTests
{
    [Fact]
    public void RoundRobinGoesFromOneToTheNext()
    {
        var loads = Loads(0, 0, 0);
        var selector = new RoundRobinSelector();

        Assert.Equal([0, 1, 2, 0, 1], Enumerable.Range(0, 5).Select(_ => selector.Select(loads)));
    }

    [Fact]
    public void LeastOutstandingAvoidsWhoIsBusy()
    {
        var loads = Loads(0, 0, 0);
        var selector = new LeastOutstandingSelector();
        loads[0].Begin();
        loads[0].Begin();
        loads[2].Begin();

        Assert.Equal([1, 1, 1], Enumerable.Range(0, 3).Select(_ => selector.Select(loads)));

        loads[0].End();
        loads[0].End();
        loads[1].Begin();
        Assert.Equal([0, 0, 0], Enumerable.Range(0, 3).Select(_ => selector.Select(loads)));
    }

    [Fact]
    public void LeastOutstandingTakesTurnsAmongEquals()
    {
        var loads = Loads(0, 0, 0);
        var selector = new LeastOutstandingSelector();

        Assert.Equal([0, 1, 2, 0], Enumerable.Range(0, 4).Select(_ => selector.Select(loads)));
    }

    [Fact]
    public void FewestVisitsCatchesUpBeforeItSpreads()
    {
        var loads = Loads(5, 2, 4);
        var selector = new FewestVisitsSelector();
        var chosen = new int[3];
        for (var request = 0; request < 4 + 3; request++)
        {
            var index = selector.Select(loads);
            loads[index].Begin();
            chosen[index]++;
        }

        Assert.Equal([1, 4, 2], chosen);
        Assert.All(loads, load => Assert.Equal(6, load.Visits));
    }

    [Fact]
    public void VisitOfAClientCountsForThoseOfTheOthers()
    {
        var load = Loads(10)[0];
        load.Begin();
        load.Begin();
        load.Learn(visits: 30, weight: 10, counted: 2);
        Assert.Equal(30, load.Visits);

        load.Begin();
        Assert.Equal(40, load.Visits);
        load.Learn(visits: 39, weight: 9, counted: 1);
        Assert.Equal(39, load.Visits);
    }

    private static ServerLoad[] Loads(params double[] visits) =>
        [.. visits.Select((count, i) => new ServerLoad(
            new RegisteredServer($"server-{i:d10}", new ServerDescription(new ServerAddress($"10.0.0.{i + 1}", 80)), zxid: i), count))];
}
