using System.Text;
using System.Threading.Channels;
using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Recipes.Nodes;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Tests.Cluster.Recipes;

/// <summary>A persistent ephemeral node: there as long as its object, in the session of now, with the data set last.</summary>
public sealed class PersistentEphemeralNodeTests
{
    [Fact]
    public async Task NodeComesBackWithTheLastDataAfterTheSessionExpiredAndAfterADeletion()
    {
        await using var cluster = await RecipeCluster.StartAsync();
        var (client, other) = (await cluster.ConnectAsync(), await cluster.ConnectAsync());
        var creations = Channel.CreateUnbounded<NodeCreatedEventArgs>();
        await using var node = new PersistentEphemeralNode(client, "/servers/a", Bytes("one"));
        node.Created += (_, created) => creations.Writer.TryWrite(created);
        node.Start();
        await node.WaitUntilCreatedAsync().WaitAsync(Patience.Long);
        var first = await NextAsync(creations);
        var firstSession = client.Session.Id;
        Assert.Equal(("one", firstSession), await DescribeAsync(other));
        await node.SetDataAsync(Bytes("two"));
        Assert.Equal(("two", firstSession), await DescribeAsync(other));

        await cluster.ExpireSessionAsync(client);
        var second = await NextAsync(creations);
        await node.WaitUntilCreatedAsync().WaitAsync(Patience.Long);
        Assert.NotEqual(firstSession, client.Session.Id);
        Assert.Equal(("two", client.Session.Id), await DescribeAsync(other));

        await other.DeleteAsync("/servers/a");
        var third = await NextAsync(creations);
        Assert.Equal(("two", client.Session.Id), await DescribeAsync(other));
        Assert.True(first.Stat.Czxid < second.Stat.Czxid && second.Stat.Czxid < third.Stat.Czxid);
    }

    [Fact]
    public async Task DisposingDeletesTheNodeAndStartingAgainIsRefused()
    {
        await using var cluster = await RecipeCluster.StartAsync();
        var client = await cluster.ConnectAsync();
        var node = new PersistentEphemeralNode(client, "/servers/a");
        node.Start();
        await node.WaitUntilCreatedAsync().WaitAsync(Patience.Long);

        await node.DisposeAsync();

        Assert.Null(await client.ExistsAsync("/servers/a"));
        Assert.Throws<ObjectDisposedException>(node.Start);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => node.WaitUntilCreatedAsync());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => node.SetDataAsync(default));
    }

    [Fact]
    public async Task DisposingRightAfterStartingLeavesNothing()
    {
        await using var cluster = await RecipeCluster.StartAsync();
        var client = await cluster.ConnectAsync();
        for (var i = 0; i < 20; i++)
        {
            var node = new PersistentEphemeralNode(client, "/servers/a");
            node.Start();
            await node.DisposeAsync();
            Assert.Null(await client.ExistsAsync("/servers/a"));
        }
    }

    [Fact]
    public async Task NodeOfAnotherSessionIsReplacedNotBelieved()
    {
        await using var cluster = await RecipeCluster.StartAsync();
        var (crashed, client) = (await cluster.ConnectAsync(), await cluster.ConnectAsync());
        await crashed.CreateAsync("/a", "old", CreateMode.Ephemeral);

        await using var node = new PersistentEphemeralNode(client, "/a", Bytes("new"));
        node.Start();
        await node.WaitUntilCreatedAsync().WaitAsync(Patience.Long);

        var content = await crashed.GetAsync("/a");
        Assert.Equal(("new", client.Session.Id), (content.Text(), content.Stat.EphemeralOwner));
        await cluster.ExpireSessionAsync(crashed);
        Assert.Equal(client.Session.Id, (await client.ExistsAsync("/a"))!.Value.EphemeralOwner);
    }

    [Fact]
    public async Task NodeOfAnotherSessionIsWaitedForWhereThatIsAskedFor()
    {
        await using var cluster = await RecipeCluster.StartAsync();
        var (owner, client) = (await cluster.ConnectAsync(), await cluster.ConnectAsync());
        await owner.CreateAsync("/a", "old", CreateMode.Ephemeral);
        await using var node = new PersistentEphemeralNode(
            client, "/a", Bytes("new"), new PersistentEphemeralNodeOptions { ExistingNode = ExistingNode.Wait });
        node.Start();
        var waiting = node.WaitUntilCreatedAsync();

        await client.SyncAsync();
        Assert.Equal("old", await client.GetTextAsync("/a"));
        Assert.False(waiting.IsCompleted);
        await cluster.ExpireSessionAsync(owner);

        await waiting.WaitAsync(Patience.Long);
        Assert.Equal("new", await client.GetTextAsync("/a"));
    }

    [Fact]
    public async Task NodeThatIsNotEphemeralIsAnErrorUntilItGoes()
    {
        await using var cluster = await RecipeCluster.StartAsync();
        var client = await cluster.ConnectAsync();
        await client.CreateAsync("/a", "somebody's", CreateMode.Persistent);
        await using var node = new PersistentEphemeralNode(client, "/a", Bytes("mine"));
        node.Start();

        var exception = await Assert.ThrowsAsync<KeeperException>(() => node.WaitUntilCreatedAsync().WaitAsync(Patience.Long));
        Assert.Contains("not ephemeral", exception.Message);
        Assert.Equal("somebody's", await client.GetTextAsync("/a"));
        await client.DeleteAsync("/a");

        await Patience.UntilAsync(async () => await client.FindAsync("/a") is { Stat.EphemeralOwner: not 0 });
        Assert.Equal("mine", await client.GetTextAsync("/a"));
    }

    [Fact]
    public async Task NodeIsThereAgainAfterTheServiceWasRestarted()
    {
        await using var cluster = await RecipeCluster.StartAsync();
        var client = await cluster.ConnectAsync();
        await using var node = new PersistentEphemeralNode(client, "/a", Bytes("data"));
        node.Start();
        await node.WaitUntilCreatedAsync().WaitAsync(Patience.Long);

        await cluster.RestartAsync();
        await client.WhenConnectedAsync();
        await node.SetDataAsync(Bytes("later")).WaitAsync(Patience.Long);

        var content = await client.GetAsync("/a");
        Assert.Equal(("later", client.Session.Id), (content.Text(), content.Stat.EphemeralOwner));
    }

    private static async Task<(string Data, long Owner)> DescribeAsync(IKeeperClient client)
    {
        await client.SyncAsync();
        var content = await client.GetAsync("/servers/a");
        return (content.Text(), content.Stat.EphemeralOwner);
    }

    private static Task<NodeCreatedEventArgs> NextAsync(Channel<NodeCreatedEventArgs> creations) =>
        creations.Reader.ReadAsync().AsTask().WaitAsync(Patience.Long);

    private static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
