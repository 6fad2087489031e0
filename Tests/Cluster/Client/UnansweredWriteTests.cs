using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Testing;
using OrleansKeeper.Grains.Sequencing;
using OrleansKeeper.Grains.Sessions;
using OrleansKeeper.Protocol;
using OrleansKeeper.Tests.Cluster.Engine;

namespace OrleansKeeper.Tests.Cluster.Client;

/// <summary>
/// A write whose connection went before it was answered happens before anything that its session asks for later, or never (rule R5): recipes find
/// out by a look what became of it.
/// </summary>
public sealed class UnansweredWriteTests
{
    private static readonly byte[] WrongPassword = new byte[16];

    [Fact]
    public async Task NobodyAttachesToASessionBeforeItsWritesAreDecided()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        await using var client = await cluster.ConnectAsync();
        var sessions = cluster.Get<SessionFactory>();
        Task creation;
        Task<bool> attaching;
        using (new HeldLog(cluster))
        {
            creation = await LoseAnswerAsync(cluster, client, "/a");
            attaching = sessions.MayAttachAsync(client.Session.Id, WrongPassword).AsTask();
            Assert.False(attaching.IsCompleted);
        }

        await attaching;
        Assert.NotNull(await cluster.ZNode("/a").Get());
        Assert.True(sessions.MayAttachAsync(client.Session.Id, WrongPassword).IsCompleted);
        await Assert.ThrowsAsync<ConnectionLostException>(() => creation);
    }

    [Fact]
    public async Task ClientThatIsBackSeesWhatBecameOfThem()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        await using var client = await cluster.ConnectAsync();
        Task creation;
        Task<Stat?> look;
        using (new HeldLog(cluster))
        {
            creation = await LoseAnswerAsync(cluster, client, "/a");
            look = client.ExistsAsync("/a");
        }

        Assert.Equal(OperationOutcome.Unknown, (await Assert.ThrowsAsync<ConnectionLostException>(() => creation)).Outcome);
        Assert.NotNull(await look);
    }

    /// <summary>The connection goes when a creation is on its way to the log.</summary>
    private static async Task<Task> LoseAnswerAsync(KeeperTestCluster cluster, KeeperClient client, string path)
    {
        var creation = client.CreateAsync(path);
        await Eventually.IsTrueAsync(() => cluster.Get<UndecidedRequests>().Count > 0);
        await cluster.DropConnectionAsync(client);
        return creation;
    }
}
