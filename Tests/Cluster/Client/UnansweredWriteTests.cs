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
        Task<bool> attaching;
        using (new HeldLog(cluster))
        {
            await LoseAnswerAsync(cluster, client, "/on the way");
            attaching = sessions.MayAttachAsync(client.Session.Id, WrongPassword).AsTask();
            Assert.False(attaching.IsCompleted);
            Assert.True(sessions.MayAttachAsync(client.Session.Id + 1, WrongPassword).IsCompleted);
        }

        await attaching;
        Assert.Equal(0, cluster.Get<UndecidedRequests>().Count);
        Assert.True(sessions.MayAttachAsync(client.Session.Id, WrongPassword).IsCompleted);
    }

    [Fact]
    public async Task ClientThatIsBackSeesWhatBecameOfThem()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        await using var client = await cluster.ConnectAsync();
        for (var i = 0; i < 20; i++)
        {
            var path = $"/{i}";
            Task<Stat?> look;
            using (new HeldLog(cluster))
            {
                await LoseAnswerAsync(cluster, client, path);
                look = client.ExistsAsync(path);
            }

            Assert.NotNull(await look);
        }
    }

    /// <summary>The connection goes when a creation is on its way to the log.</summary>
    private static async Task LoseAnswerAsync(KeeperTestCluster cluster, KeeperClient client, string path)
    {
        var creation = client.CreateAsync(path);
        await Eventually.IsTrueAsync(() => cluster.Get<UndecidedRequests>().Count > 0);
        await cluster.DropConnectionAsync(client);
        Assert.Equal(OperationOutcome.Unknown, (await Assert.ThrowsAsync<ConnectionLostException>(() => creation)).Outcome);
    }
}
