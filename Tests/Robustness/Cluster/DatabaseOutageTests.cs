using OrleansKeeper.Protocol.Messages;
using OrleansKeeper.Tests.Robustness.Clients;
using OrleansKeeper.Tests.Robustness.Cluster.Checks;
using OrleansKeeper.Tests.Robustness.Processes;

namespace OrleansKeeper.Tests.Robustness.Cluster;

/// <summary>The database is away for a while: writes wait for it or fail clearly, reads go on, and everything resumes by itself.</summary>
public sealed class DatabaseOutageTests : ClusterTest
{
    private const string NoDatabase = "ZooKeeper has no database.";

    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task A_restart_of_the_database_under_load_is_a_pause()
    {
        ServerKind.RequireSilo(NoDatabase);
        var cluster = await StartClusterAsync(hasNetwork: false, "--Keeper:DatabaseTimeout=60000", "--Keeper:CheckpointTransactions=1000");
        var run = await RunAsync(cluster, async run =>
        {
            for (var round = 0; round < 2; round++)
            {
                await cluster.Database!.StopAsync();
                await cluster.Database.StartAgainAsync();
                await run.MakeProgressAsync(1_000);
            }
        });

        Assert.DoesNotContain(run.Operations, operation => operation.Error is ErrorCode.SystemError or ErrorCode.ConnectionLoss);
        Assert.Empty(run.Expiries);
    }

    [Fact]
    public async Task Writes_fail_clearly_on_every_silo_while_the_database_is_away_and_reads_go_on()
    {
        ServerKind.RequireSilo(NoDatabase);
        var cluster = await StartClusterAsync(hasNetwork: false, "--Keeper:DatabaseTimeout=1000");
        var sessions = await Task.WhenAll(cluster.EndPoints.Select(silo => KeeperSession.OpenAsync(silo, CancellationToken.None)));
        await sessions[0].CreateAsync("/before", "kept").OkAsync();
        foreach (var session in sessions)
        {
            await session.SyncAsync("/before").OkAsync();
            await session.GetDataAsync("/before").OkAsync();
        }

        await cluster.Database!.StopAsync();
        for (var i = 0; i < sessions.Length; i++)
        {
            var first = await sessions[i].CreateAsync($"/away-{i}").WaitAsync(AnswerLimit);
            Assert.Contains(first.Error, new[] { ErrorCode.SystemError, ErrorCode.ConnectionLoss });
            var read = await sessions[i].GetDataAsync("/before").WaitAsync(AnswerLimit);
            Assert.Equal("kept", read.Read<GetDataResponse>().Text());
        }

        await cluster.Database.StartAgainAsync();
        for (var i = 0; i < sessions.Length; i++)
        {
            await WriteUntilAcceptedAsync(sessions[i], $"/back-{i}");
            await sessions[i].DisposeAsync();
        }

        Assert.Empty(SameTrees.Violations(await SiloTrees.ReadAsync(cluster, "/")));
    }

    private static async Task WriteUntilAcceptedAsync(KeeperSession session, string path)
    {
        using var limit = new CancellationTokenSource(AnswerLimit);
        while (!(await session.CreateAsync(path).WaitAsync(limit.Token)).IsOk)
            await Task.Delay(RetryInterval, limit.Token);
    }
}
