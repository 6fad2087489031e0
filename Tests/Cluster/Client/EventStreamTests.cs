using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams.Filtering;
using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Testing;
using OrleansKeeper.ClientSdk.Watches;
using OrleansKeeper.GrainInterfaces.Events;

namespace OrleansKeeper.Tests.Cluster.Client;

/// <summary>The stream of events is the fast way and not the guarantee: what is lost on it comes all the same.</summary>
public sealed class EventStreamTests
{
    [Fact]
    public async Task EventsThatTheStreamLosesNowAndThenComeOnceAndInOrder()
    {
        const int Changes = 400;
        var random = new Random(1);
        await using var cluster = await StartAsync(() => random.Next(3) == 0);
        await using var client = await cluster.ConnectAsync();
        await using var writer = await cluster.ConnectAsync();
        await using var watch = await client.OpenWatchAsync("/", WatchMode.PersistentRecursive);
        var reading = watch.NextAsync(Changes);
        for (var i = 0; i < Changes; i++)
            await writer.CreateAsync($"/{i}");

        // What asks anything learns that there is something to ask for.
        await client.SyncAsync();
        Assert.Equal(Enumerable.Range(0, Changes).Select(number => $"/{number}"), (await reading).Select(watchEvent => watchEvent.Path));
    }

    [Fact]
    public async Task NoReplyShowsAChangeBeforeItsEventWhenTheStreamLosesAll()
    {
        await using var cluster = await StartAsync(() => true);
        await using var client = await cluster.ConnectAsync();
        await using var writer = await cluster.ConnectAsync();
        await WatchTests.AssertEventsComeFirstAsync(client, writer, changes: 50);
    }

    [Fact]
    public async Task IdleClientLearnsOfLostEventsWithItsNextSignOfLife()
    {
        await using var cluster = await StartAsync(() => true);
        await using var client = await cluster.ConnectAsync(options => options.SessionTimeout = TimeSpan.FromSeconds(1));
        await using var writer = await cluster.ConnectAsync();
        var watched = await client.ExistsAndWatchAsync("/a");
        await writer.CreateAsync("/a");
        Assert.Equal("/a", (await watched.Changed.SoonAsync()).Path);
    }

    [Fact]
    public async Task EventsOfManySessionsDoNotMix()
    {
        const int Clients = 20;
        await using var cluster = await KeeperTestCluster.StartAsync();
        var clients = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => cluster.ConnectAsync()));
        var watches = await Task.WhenAll(clients.Select((client, number) => client.OpenWatchAsync($"/{number}", WatchMode.Persistent)));
        await Task.WhenAll(clients.Select((_, number) => clients[(number + 1) % Clients].CreateAsync($"/{number}")));
        for (var number = 0; number < Clients; number++)
            Assert.Equal([$"/{number}"], (await watches[number].NextAsync(1)).Select(watchEvent => watchEvent.Path));
    }

    private static Task<KeeperTestCluster> StartAsync(Func<bool> isLost) => KeeperTestCluster.StartAsync(options =>
        options.ConfigureSilo = silo => silo.Services.AddKeyedSingleton<IStreamFilter>(
            SessionEventStream.Provider, new LossyStreamFilter(isLost)));
}
