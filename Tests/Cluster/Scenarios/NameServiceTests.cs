using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Naming;
using OrleansKeeper.ClientSdk.Servers;

using OrleansKeeper.Tests.Cluster.Engine;

namespace OrleansKeeper.Tests.Cluster.Scenarios;

/// <summary>Unified naming: a name resolves to addresses, and changes are seen.</summary>
public sealed class NameServiceTests(ScenarioCluster cluster) : IClassFixture<ScenarioCluster>
{
    private const string Name = "www.example.com";
    private static readonly ServerAddress First = new("10.0.0.1", 80);
    private static readonly ServerAddress Second = new("10.0.0.2", 80);

    [Fact]
    public async Task NameResolvesToItsAddressesForEverybody()
    {
        await using var writer = await OpenAsync("/names-1");
        await using var reader = await OpenAsync("/names-1");

        Assert.Null(await reader.ResolveAsync(Name));
        await writer.BindAsync(Name, [First, Second]);

        await Eventually.IsTrueAsync(async () => (await reader.ResolveAsync(Name))?.Addresses.SequenceEqual([First, Second]) == true);
        Assert.Equal("10.0.0.1:80\n10.0.0.2:80", await (await cluster.ConnectAsync()).GetTextAsync($"/names-1/{Name}"));
    }

    [Fact]
    public async Task ResolvedNameIsAnsweredFromMemoryUntilItChanges()
    {
        var client = new CountingClient(await cluster.ConnectAsync());
        await using var reader = await NameService.OpenAsync(client, new NameServiceOptions { Path = "/names-2" });
        await using var writer = await OpenAsync("/names-2");
        await writer.BindAsync(Name, [First]);
        await Eventually.IsTrueAsync(async () =>
        {
            // The event of the binding may come behind the first answers, and has it read once more.
            var reads = client.Reads;
            for (var i = 0; i < 100; i++)
                await reader.ResolveAsync(Name);
            return await reader.ResolveAsync(Name) is { Addresses: [var address] } && address == First && client.Reads == reads;
        });

        await writer.BindAsync(Name, [Second]);
        await Eventually.IsTrueAsync(async () => (await reader.ResolveAsync(Name))!.Addresses.SequenceEqual([Second]));
        Assert.True(await writer.UnbindAsync(Name));
        Assert.False(await writer.UnbindAsync(Name));
        await Eventually.IsTrueAsync(async () => await reader.ResolveAsync(Name) is null);
    }

    [Fact]
    public async Task WatcherSeesEachState()
    {
        await using var names = await OpenAsync("/names-3");
        await using var changes = names.WatchAsync("shop/orders").GetAsyncEnumerator();
        Assert.Null(await changes.NextAsync());

        await names.BindAsync("shop/orders", [First]);
        Assert.Equal([First], (await changes.NextAsync())!.Addresses);
        await names.BindAsync("shop/orders", [First, Second]);
        Assert.Equal([First, Second], (await changes.NextAsync())!.Addresses);
        await names.UnbindAsync("shop/orders");
        Assert.Null(await changes.NextAsync());
        Assert.Null(await names.ResolveAsync("shop"));
    }

    [Fact]
    public async Task WhoeverBoundANameOrWasToldOfItResolvesNothingOlder()
    {
        await using var writer = await OpenAsync("/names-6");
        await using var reader = await OpenAsync("/names-6");
        await using var changes = reader.WatchAsync(Name).GetAsyncEnumerator();
        Assert.Null(await changes.NextAsync());
        for (var port = 1; port <= 100; port++)
        {
            await reader.ResolveAsync(Name);
            await writer.ResolveAsync(Name);
            await writer.BindAsync(Name, [new ServerAddress("10.0.0.1", port)]);
            Assert.Equal(port, (await writer.ResolveAsync(Name))!.Addresses[0].Port);
            Assert.Equal(port, (await changes.NextAsync())!.Addresses[0].Port);
            Assert.Equal(port, (await reader.ResolveAsync(Name))!.Addresses[0].Port);
        }
    }

    [Fact]
    public async Task MemoryForNamesIsBounded()
    {
        var client = new CountingClient(await cluster.ConnectAsync());
        await using var names = await NameService.OpenAsync(client, new NameServiceOptions { Path = "/names-4", MaxCachedNames = 2 });
        await using var writer = await OpenAsync("/names-4");
        foreach (var name in new[] { "a", "b", "c" })
            await writer.BindAsync(name, [First]);
        foreach (var name in new[] { "a", "b", "c" })
            Assert.NotNull(await names.ResolveAsync(name));

        var reads = client.Reads;
        foreach (var name in new[] { "a", "b", "c" })
            Assert.NotNull(await names.ResolveAsync(name));
        Assert.True(client.Reads > reads);
    }

    [Fact]
    public async Task WhatCannotBeANameOrAnAddressIsRefusedByName()
    {
        await using var names = await OpenAsync("/names-5");
        Assert.Contains("\"a//b\"", (await Assert.ThrowsAsync<ArgumentException>(() => names.BindAsync("a//b", [First]))).Message, StringComparison.Ordinal);
        Assert.Contains("\"a\"", (await Assert.ThrowsAsync<ArgumentException>(() => names.BindAsync("a", []))).Message, StringComparison.Ordinal);

        var client = await cluster.ConnectAsync();
        await client.CreateAsync("/names-5/bad", "10.0.0.1:80\nnowhere");
        var exception = await Assert.ThrowsAsync<FormatException>(async () => await names.ResolveAsync("bad"));
        Assert.Contains("/names-5/bad", exception.Message, StringComparison.Ordinal);
        Assert.Contains("nowhere", exception.Message, StringComparison.Ordinal);

        await client.SetTextAsync("/names-5/bad", "10.0.0.1:80");
        await Eventually.IsTrueAsync(async () => (await names.ResolveAsync("bad"))?.Addresses.Count == 1);
    }

    private async Task<NameService> OpenAsync(string path) =>
        await NameService.OpenAsync(await cluster.ConnectAsync(), new NameServiceOptions { Path = path });
}
