using System.Text;
using System.Text.Json.Serialization;
using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Testing;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Security;
using OrleansKeeper.Protocol;
using OrleansKeeper.Tests.Cluster.Engine;

namespace OrleansKeeper.Tests.Cluster.Client;

/// <summary>Every operation of a client, and the errors that it is to be told.</summary>
public sealed partial class OperationTests
{
    [Fact]
    public async Task ZNodesAreCreatedReadChangedAndDeleted()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        await using var client = await cluster.ConnectAsync();
        Assert.Null(await client.ExistsAsync("/a"));
        var created = await client.CreateAsync("/a", "one");
        Assert.Equal("/a", created.Path);
        Assert.Equal(created.Stat, await client.ExistsAsync("/a"));

        var changed = await client.SetTextAsync("/a", "two", created.Stat.Version);
        Assert.Equal(1, changed.Version);
        Assert.True(changed.Mzxid > created.Stat.Mzxid);
        var content = await client.GetAsync("/a");
        Assert.Equal(("two", changed), (content.Text(), content.Stat));

        await client.DeleteAsync("/a", version: 1);
        Assert.Null(await client.FindAsync("/a"));
    }

    [Fact]
    public async Task EveryModeOfCreationIsWhatItSays()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        await using var client = await cluster.ConnectAsync();
        await client.CreateAsync("/p");
        Assert.Equal("/p/s-0000000000", (await client.CreateAsync("/p/s-", CreateMode.PersistentSequential)).Path);
        Assert.Equal("/p/0000000001", (await client.CreateAsync("/p/", CreateMode.EphemeralSequential)).Path);
        var ephemeral = await client.CreateAsync("/p/e", CreateMode.Ephemeral);
        Assert.Equal(client.Session.Id, ephemeral.Stat.EphemeralOwner);
        await client.CreateAsync("/c", CreateMode.Container);
        var timeToLive = new CreateOptions { Mode = CreateMode.PersistentWithTtl, TimeToLive = TimeSpan.FromHours(1) };
        Assert.Equal("/t", (await client.CreateAsync("/t", ReadOnlyMemory<byte>.Empty, timeToLive)).Path);
        Assert.Equal(["/c", "/t"], cluster.Get<Replica>().Containers.Order(StringComparer.Ordinal));

        Assert.Equal(["/p/0000000001", "/p/e"], (await client.GetEphemeralsAsync()).Order(StringComparer.Ordinal));
        Assert.Equal(["/p/e"], await client.GetEphemeralsAsync("/p/e"));
        Assert.Equal(["0000000001", "e", "s-0000000000"], (await client.GetChildrenAsync("/p")).Order(StringComparer.Ordinal));
        Assert.Equal(3, (await client.GetChildrenAsync("/p")).Stat.NumChildren);
        Assert.Equal(3, await client.CountDescendantsAsync("/p"));
    }

    [Fact]
    public async Task ParentsAreCreatedAsContainersWhenThatIsAskedFor()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        await using var client = await cluster.ConnectAsync();
        var options = new CreateOptions { CreateParents = true };
        await Task.WhenAll(Enumerable.Range(0, 20).Select(number => client.CreateAsync($"/x/y/z/{number}", default, options)));
        Assert.Equal(20, (await client.GetChildrenAsync("/x/y/z")).Count);
        await client.EnsurePathAsync("/x/y/other/deep");
        Assert.NotNull(await client.ExistsAsync("/x/y/other/deep"));
    }

    [Fact]
    public async Task EachErrorHasItsException()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        await using var client = await cluster.ConnectAsync();
        await client.CreateAsync("/a");
        await client.CreateAsync("/a/b");
        await client.CreateAsync("/e", CreateMode.Ephemeral);

        await ThrowsAsync<NodeExistsException>(ErrorCode.NodeExists, "/a", () => client.CreateAsync("/a"));
        await ThrowsAsync<NoNodeException>(ErrorCode.NoNode, "/no/way", () => client.CreateAsync("/no/way"));
        var noParent = await Assert.ThrowsAsync<NoNodeException>(() => client.CreateAsync("/no/way"));
        Assert.Equal("The parent of /no/way does not exist.", noParent.Message);
        await ThrowsAsync<NoNodeException>(ErrorCode.NoNode, "/no", () => client.GetAsync("/no"));
        await ThrowsAsync<NoNodeException>(ErrorCode.NoNode, "/no", () => client.GetChildrenAsync("/no"));
        await ThrowsAsync<NoNodeException>(ErrorCode.NoNode, "/no", () => client.GetChildrenAndWatchAsync("/no"));
        await ThrowsAsync<BadVersionException>(ErrorCode.BadVersion, "/a", () => client.SetTextAsync("/a", "", version: 3));
        await ThrowsAsync<BadVersionException>(ErrorCode.BadVersion, "/a/b", () => client.DeleteAsync("/a/b", version: 3));
        await ThrowsAsync<NotEmptyException>(ErrorCode.NotEmpty, "/a", () => client.DeleteAsync("/a"));
        await ThrowsAsync<NoChildrenForEphemeralsException>(ErrorCode.NoChildrenForEphemerals, "/e/f", () => client.CreateAsync("/e/f"));
        await ThrowsAsync<InvalidAclException>(ErrorCode.InvalidAcl, "/l", () => client.CreateAsync("/l", default, new CreateOptions { Acl = [] }));
        var authFailed = await Assert.ThrowsAsync<AuthFailedException>(() => client.AuthenticateAsync("kerberos", default));
        Assert.Equal(ErrorCode.AuthFailed, authFailed.Error);
        Assert.NotNull(await client.ExistsAsync("/a"));

        foreach (var path in new[] { "", "a", "/a/", "//", "/a/../b" })
            await Assert.ThrowsAnyAsync<ArgumentException>(() => client.GetAsync(path));
    }

    [Fact]
    public async Task AccessControlListsAreKeptAndSet()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        await using var owner = await cluster.ConnectAsync();
        await using var other = await cluster.ConnectAsync();
        await owner.AuthenticateAsync("digest", "me:secret"u8.ToArray());
        await owner.CreateAsync("/mine", "data"u8.ToArray(), new CreateOptions { Acl = Acls.CreatorAll });
        Assert.Equal([new Id("digest", "me")], await owner.WhoAmIAsync());
        Assert.Empty(await other.WhoAmIAsync());

        var refusal = await Assert.ThrowsAsync<NoAuthException>(() => other.GetAsync("/mine"));
        Assert.Equal("/mine", refusal.Path);
        var acl = await owner.GetAclAsync("/mine");
        Assert.Equal(Authentication.DigestOf("me:secret"), Assert.Single(acl.Entries).Id.Identity);
        var stat = await owner.SetAclAsync("/mine", [.. Acls.CreatorAll, .. Acls.ReadUnsafe], acl.Stat.Aversion);
        Assert.Equal(1, stat.Aversion);
        Assert.Equal("data", await other.GetTextAsync("/mine"));
        await Assert.ThrowsAsync<BadVersionException>(() => owner.SetAclAsync("/mine", Acls.ReadUnsafe, aversion: 0));
    }

    [Fact]
    public async Task DataIsOfAnySizeThatTheServiceTakesAndTypedAsOneLikes()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        await using var client = await cluster.ConnectAsync();
        var large = Encoding.ASCII.GetBytes(new string('x', 1_000_000));
        await client.CreateAsync("/large", large);
        Assert.Equal(large, (await client.GetAsync("/large")).Data.ToArray());
        var tooLarge = await Assert.ThrowsAsync<KeeperException>(() => client.SetDataAsync("/large", new byte[2_000_000]));
        Assert.Contains("Keeper:MaxRequestBytes", tooLarge.Message, StringComparison.Ordinal);
        Assert.Equal(OperationOutcome.DidNotHappen, tooLarge.Outcome);

        await client.SetJsonAsync("/large", new Address("host", 80), Json.Default.Address);
        Assert.Equal(new Address("host", 80), (await client.GetJsonAsync("/large", Json.Default.Address)).Value);
    }

    [Fact]
    public async Task SyncShowsWhatOthersWereTold()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        await using var writer = await cluster.ConnectAsync();
        await using var reader = await cluster.ConnectAsync();
        for (var i = 0; i < 50; i++)
        {
            await writer.CreateAsync($"/{i}");
            await reader.SyncAsync();
            Assert.NotNull(await reader.ExistsAsync($"/{i}"));
        }
    }

    [Fact]
    public async Task PathsAreThoseOfTheChroot()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        await using var root = await cluster.ConnectAsync();
        await root.CreateAsync("/app");
        await root.CreateAsync("/apple", CreateMode.Ephemeral);
        await using var app = await cluster.ConnectAsync(options => options.Chroot = "/app");
        Assert.Equal("/n-0000000000", (await app.CreateAsync("/n-", CreateMode.EphemeralSequential)).Path);
        Assert.Equal(["n-0000000000"], await app.GetChildrenAsync("/"));
        Assert.Equal(["/n-0000000000"], await app.GetEphemeralsAsync());
        Assert.NotNull(await root.ExistsAsync("/app/n-0000000000"));
        Assert.Equal("/b", (await Assert.ThrowsAsync<NoNodeException>(() => app.GetAsync("/b"))).Path);

        var below = app.WithChroot("/b");
        Assert.Equal("/app/b", below.Chroot);
        await app.CreateAsync("/b");
        var results = await below.Transaction().Create("/c", CreateData()).SetData("/c", CreateData()).CommitAsync();
        Assert.Equal(["/c", "/c"], results.Select(result => result.Path));
        await below.DisposeAsync();
        Assert.NotNull(await root.ExistsAsync("/app/b/c"));
        Assert.Same(app.Session, below.Session);
    }

    private static byte[] CreateData() => "data"u8.ToArray();

    private static async Task ThrowsAsync<T>(ErrorCode error, string path, Func<Task> operation)
        where T : KeeperException
    {
        var exception = await Assert.ThrowsAsync<T>(operation);
        Assert.Equal((error, path, OperationOutcome.DidNotHappen), (exception.Error, exception.Path, exception.Outcome));
        Assert.Contains(path, exception.Message, StringComparison.Ordinal);
    }

    private sealed record Address(string Host, int Port);

    [JsonSerializable(typeof(Address))]
    private sealed partial class Json : JsonSerializerContext;
}
