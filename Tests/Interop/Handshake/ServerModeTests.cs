using OrleansKeeper.Tests.Interop.Servers;

namespace OrleansKeeper.Tests.Interop.Handshake;

/// <summary>What a cluster's servers say about themselves.</summary>
[Collection<TargetCollection>]
public sealed class ServerModeTests(TargetServers servers)
{
    [Fact]
    public async Task OneLeadsAndTheOthersFollow()
    {
        var byMode = await servers.Cluster.LeaderFirstAsync();
        for (var index = 0; index < byMode.Count; index++)
        {
            var mode = index == 0 ? "leader" : "follower";
            Assert.Contains($"\nMode: {mode}\n", await byMode[index].FourLetterWordAsync("stat"), StringComparison.Ordinal);
            Assert.Contains($"\nzk_server_state\t{mode}\n", await byMode[index].FourLetterWordAsync("mntr"), StringComparison.Ordinal);
            Assert.Equal("imok", await byMode[index].FourLetterWordAsync("ruok"));
        }
    }
}
