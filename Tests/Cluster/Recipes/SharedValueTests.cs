using System.Text;
using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Recipes.Values;

namespace OrleansKeeper.Tests.Cluster.Recipes;

/// <summary>Shared values: everybody sees the last one, and one of those who set it at once succeeds.</summary>
public sealed class SharedValueTests
{
    private static readonly SharedValueOptions Options = new() { InitialValue = "initial"u8.ToArray() };

    [Fact]
    public async Task OneOfTwoThatSetTheSameVersionSucceeds()
    {
        await using var cluster = await RecipeCluster.StartAsync();
        await using var one = await SharedValue.StartAsync(await cluster.ConnectAsync(), "/app/value", Options);
        await using var two = await SharedValue.StartAsync(await cluster.ConnectAsync(), "/app/value", Options);
        Assert.Equal(("initial", false), (Text(one.Current), one.Current.Exists));

        var created = await one.TrySetAsync("a"u8.ToArray(), SharedValueSnapshot.Absent);
        Assert.Null(await two.TrySetAsync("b"u8.ToArray(), SharedValueSnapshot.Absent));
        var seen = await two.ChangedAsync(new SharedValueSnapshot(default, SharedValueSnapshot.Absent, 0)).WaitAsync(Patience.Long);
        var changed = await two.TrySetAsync("c"u8.ToArray(), seen.Version);
        Assert.Null(await one.TrySetAsync("d"u8.ToArray(), created!.Version));

        Assert.Equal("a", Text(seen));
        Assert.True(changed!.Zxid > created.Zxid);
        Assert.Equal("c", Text(await one.ChangedAsync(created).WaitAsync(Patience.Long)));
    }

    [Fact]
    public async Task DeletedValueIsTheInitialOneAgain()
    {
        await using var cluster = await RecipeCluster.StartAsync();
        var client = await cluster.ConnectAsync();
        await using var value = await SharedValue.StartAsync(client, "/value", Options);
        var set = (await value.TrySetAsync("a"u8.ToArray(), SharedValueSnapshot.Absent))!;

        await client.DeleteAsync("/value");

        var gone = await value.ChangedAsync(set).WaitAsync(Patience.Long);
        Assert.Equal(("initial", false), (Text(gone), gone.Exists));
        Assert.Null(await value.TrySetAsync("b"u8.ToArray(), set.Version));
        Assert.NotNull(await value.TrySetAsync("b"u8.ToArray(), gone.Version));
    }

    [Fact]
    public async Task UpdatesOfManyClientsAllHappenAndReadersEndAtTheLastOneOverARestart()
    {
        const int Updates = 40;
        await using var cluster = await RecipeCluster.StartAsync();
        var clients = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => cluster.ConnectAsync()));
        var values = await Task.WhenAll(clients.Select(client => SharedValue.StartAsync(client, "/value")));
        var reading = values.Select(value => ReadUntilAsync(value, 3 * Updates)).ToList();

        var updating = values.Select(async value =>
        {
            for (var i = 0; i < Updates; i++)
                await value.UpdateAsync(data => new byte[data.Length + 1]);
        }).ToList();
        await cluster.DropConnectionAsync(clients[0]);

        await Task.WhenAll(updating).WaitAsync(Patience.Long);
        await Task.WhenAll(reading).WaitAsync(Patience.Long);
        foreach (var value in values)
            await value.DisposeAsync();
    }

    [Fact]
    public async Task WhoWaitsForAChangeIsToldOfTheDisposal()
    {
        await using var cluster = await RecipeCluster.StartAsync();
        var value = await SharedValue.StartAsync(await cluster.ConnectAsync(), "/value", Options);
        var waiting = value.ChangedAsync(value.Current);

        await value.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
    }

    private static async Task ReadUntilAsync(SharedValue value, int length)
    {
        var last = -1;
        await foreach (var snapshot in value.ReadAllAsync())
        {
            Assert.True(snapshot.Data.Length > last, "The value went back, or came twice.");
            last = snapshot.Data.Length;
            if (last == length)
                return;
        }
    }

    private static string Text(SharedValueSnapshot snapshot) => Encoding.UTF8.GetString(snapshot.Data.Span);
}
