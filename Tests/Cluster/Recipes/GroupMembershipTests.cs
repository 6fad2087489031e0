using System.Text;
using OrleansKeeper.ClientSdk.Recipes.Membership;

namespace OrleansKeeper.Tests.Cluster.Recipes;

/// <summary>Groups: everybody sees who comes and goes.</summary>
public sealed class GroupMembershipTests
{
    [Fact]
    public async Task MembersComeChangeAndGo()
    {
        await using var cluster = await RecipeCluster.StartAsync();
        var (watcher, server) = (await cluster.ConnectAsync(), await cluster.ConnectAsync());
        await using var watched = await GroupMembership.StartAsync(watcher, "/app/servers");
        await using var joined = await GroupMembership.StartAsync(server, "/app/servers");
        Assert.Empty(watched.Members);
        await using var changes = watched.ReadChangesAsync().GetAsyncEnumerator();

        await using (var member = await joined.JoinAsync("a", "one"u8.ToArray()))
        {
            Assert.Equal((MembershipEventType.Joined, "a", "one"), await NextAsync(changes));
            await member.SetDataAsync("two"u8.ToArray());
            Assert.Equal((MembershipEventType.Changed, "a", "two"), await NextAsync(changes));
            Assert.Equal("two", Encoding.UTF8.GetString(watched.Members["a"].Data.Span));
        }

        Assert.Equal((MembershipEventType.Left, "a", "two"), await NextAsync(changes));
        Assert.Empty(watched.Members);
    }

    [Fact]
    public async Task MemberWhoseSessionExpiresLeavesAndJoinsAgain()
    {
        await using var cluster = await RecipeCluster.StartAsync();
        var (watcher, server) = (await cluster.ConnectAsync(), await cluster.ConnectAsync());
        await using var watched = await GroupMembership.StartAsync(watcher, "/servers");
        await using var joined = await GroupMembership.StartAsync(server, "/servers");
        await using var member = await joined.JoinAsync("a", "data"u8.ToArray());
        await using var changes = watched.ReadChangesAsync().GetAsyncEnumerator();
        Assert.Equal((MembershipEventType.Joined, "a", "data"), await NextAsync(changes));
        var token = watched.Members["a"].Token;

        await cluster.ExpireSessionAsync(server);

        Assert.Equal((MembershipEventType.Left, "a", "data"), await NextAsync(changes));
        Assert.Equal((MembershipEventType.Joined, "a", "data"), await NextAsync(changes));
        Assert.True(watched.Members["a"].Token > token);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("..")]
    public async Task IdThatNoZNodeCanHaveIsRefused(string id)
    {
        await using var cluster = await RecipeCluster.StartAsync();
        await using var group = await GroupMembership.StartAsync(await cluster.ConnectAsync(), "/servers");

        var exception = await Assert.ThrowsAsync<ArgumentException>(() => group.JoinAsync(id));

        Assert.Contains($"\"{id}\"", exception.Message);
    }

    private static async Task<(MembershipEventType Type, string Id, string Data)> NextAsync(IAsyncEnumerator<MembershipEvent> changes)
    {
        Assert.True(await changes.MoveNextAsync().AsTask().WaitAsync(Patience.Long));
        return (changes.Current.Type, changes.Current.Member.Id, Encoding.UTF8.GetString(changes.Current.Member.Data.Span));
    }
}
