using System.Collections.ObjectModel;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Messages;
using OrleansKeeper.Tests.Databases;
using OrleansKeeper.Tests.Ports;
using OrleansKeeper.Tests.Robustness.Clients;
using OrleansKeeper.Tests.Robustness.Histories;
using OrleansKeeper.Tests.Robustness.Load;
using OrleansKeeper.Tests.Robustness.Processes;

namespace OrleansKeeper.Tests.Robustness;

/// <summary>The silo on PostgreSQL: it keeps what it acknowledged, whichever of the two dies, and goes on by itself.</summary>
[Collection(Alone.Name)]
public sealed class PostgreSqlTests : CrashTest
{
    private const int DefaultSeconds = 8;
    private const int WritesBefore = 20;
    private const int MostWrites = 200;

    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(100);

    private PostgreSqlServer? _server;

    [Fact]
    public async Task Acknowledged_writes_and_open_sessions_survive_kills_of_the_silo_under_load() =>
        await KillUnderLoadAsync(await StartAsync(), EnvironmentSettings.Seconds(EnvironmentSettings.CrashSeconds, DefaultSeconds));

    [Fact]
    public async Task Restart_of_the_database_under_load_is_a_pause()
    {
        var silo = await StartAsync("--Keeper:DatabaseTimeout=60000", "--Keeper:CheckpointTransactions=1000");
        await using var load = new LoadRun(silo.EndPoint, Seed);
        KeepOnFailure(load.History);
        await load.StartAsync();
        for (var round = 0; round < 2; round++)
        {
            await load.MakeProgressAsync(1500);
            await _server!.StopAsync();
            await _server.StartAgainAsync();
        }

        await load.MakeProgressAsync(1500);
        await load.StopAsync();
        Assert.DoesNotContain(
            load.History.Snapshot(), operation => operation.Error is ErrorCode.SystemError or ErrorCode.ConnectionLoss);

        // What the checkpoints wrote meanwhile, and the log, make the same tree.
        await silo.KillAsync();
        await silo.StartAsync();
        HistoryChecks.Verify(load.History, await load.AttachAndReadAsync());
    }

    [Fact]
    public async Task Writes_fail_clearly_while_the_database_is_away_and_reads_go_on()
    {
        var silo = await StartAsync("--Keeper:DatabaseTimeout=1000");
        await using var session = await KeeperSession.OpenAsync(silo.EndPoint, CancellationToken.None);
        for (var i = 0; i < WritesBefore; i++)
            await session.CreateAsync($"/before-{i}", "kept").OkAsync();

        await _server!.StopAsync();
        var outcomes = new List<(string Path, ErrorCode Error)>();
        for (var i = 0; i < 3; i++)
            outcomes.Add(await CreateAsync(session, $"/away-{i}"));
        Assert.Equal("kept", (await session.GetDataAsync("/before-0").WaitAsync(AnswerLimit)).Read<GetDataResponse>().Text());

        // Of the first it may not be known whether it was sent; the others certainly were not.
        Assert.Contains(outcomes[0].Error, new[] { ErrorCode.SystemError, ErrorCode.ConnectionLoss });
        Assert.All(outcomes[1..], outcome => Assert.Equal(ErrorCode.SystemError, outcome.Error));

        await _server.StartAgainAsync();
        outcomes.AddRange(await CreateUntilAcceptedAsync(session));
        await silo.KillAsync();
        await silo.StartAsync();
        using var limit = new CancellationTokenSource(AnswerLimit);
        await session.AttachAsync(limit.Token);
        for (var i = 0; i < WritesBefore; i++)
            Assert.True((await session.ExistsAsync($"/before-{i}")).IsOk);
        foreach (var (path, error) in outcomes.Where(outcome => outcome.Error != ErrorCode.ConnectionLoss))
            Assert.Equal(error == ErrorCode.Ok, (await session.ExistsAsync(path)).IsOk);
    }

    /// <summary>As on a machine with one processor: what waits in a thread of the pool waits for nothing that needs another one.</summary>
    [Fact]
    public async Task One_thread_in_the_pool_is_enough()
    {
        var silo = await StartAsync(new Dictionary<string, string> { ["DOTNET_ThreadPool_ForceMaxWorkerThreads"] = "1" });
        await using var session = await KeeperSession.OpenAsync(silo.EndPoint, CancellationToken.None);
        await session.CreateAsync("/kept", "").OkAsync();
        await silo.TerminateAsync(AnswerLimit);
        await silo.StartAsync();
        using var limit = new CancellationTokenSource(AnswerLimit);
        await session.AttachAsync(limit.Token);
        Assert.True((await session.ExistsAsync("/kept")).IsOk);
    }

    [Fact]
    public async Task Start_that_cannot_work_says_why()
    {
        var port = FreePorts.Take(1)[0];
        await AssertStartFailsAsync("ConnectionStrings:Keeper is missing");
        await AssertStartFailsAsync("ConnectionStrings:Keeper is not a connection string", "--ConnectionStrings:Keeper=Hst=here");
        await AssertStartFailsAsync(
            $"PostgreSQL at 127.0.0.1:{port}, database keeper, schema keeper cannot be used: Failed to connect",
            $"--ConnectionStrings:Keeper=Host=127.0.0.1;Port={port};Database=keeper;Username=keeper");

        _server = await PostgreSqlServer.StartAsync();
        await _server.ExecuteAsync("CREATE SCHEMA keeper; CREATE TABLE keeper.schema_version AS SELECT 1 AS id, 1000 AS version");
        await AssertStartFailsAsync("has schema version 1000", $"--ConnectionStrings:Keeper={_server.ConnectionString}");
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    private static async Task<(string Path, ErrorCode Error)> CreateAsync(KeeperSession session, string path) =>
        (path, (await session.CreateAsync(path, "").WaitAsync(AnswerLimit)).Error);

    private static async Task<List<(string Path, ErrorCode Error)>> CreateUntilAcceptedAsync(KeeperSession session)
    {
        var outcomes = new List<(string, ErrorCode Error)>();
        while (outcomes is not [.., (_, ErrorCode.Ok)])
        {
            Assert.True(outcomes.Count < MostWrites, "Writes still fail although the database is back.");
            await Task.Delay(RetryInterval);
            outcomes.Add(await CreateAsync(session, $"/back-{outcomes.Count}"));
        }

        return outcomes;
    }

    private async Task AssertStartFailsAsync(string reason, params string[] arguments)
    {
        ServerKind.RequireSilo("ZooKeeper has no database.");
        var settings = ServerSettings.In(Folder) with { Arguments = ["--Keeper:Storage=PostgreSql", .. arguments] };
        var (exitCode, output) = await SiloProcess.RunToExitAsync(settings, AnswerLimit);

        // A sentence, not a stack.
        Assert.Equal(1, exitCode);
        Assert.Contains(reason, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    private Task<SiloProcess> StartAsync(params string[] arguments) => StartAsync(ReadOnlyDictionary<string, string>.Empty, arguments);

    private async Task<SiloProcess> StartAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        ServerKind.RequireSilo("ZooKeeper has no database.");
        _server = await PostgreSqlServer.StartAsync();
        string[] onPostgreSql =
        [
            "--Keeper:Storage=PostgreSql",
            $"--ConnectionStrings:Keeper={_server.ConnectionString}",
            "--Orleans:Endpoints:AdvertisedIPAddress=127.0.0.1",
        ];
        return await StartSiloAsync(settings => settings with { Arguments = [.. onPostgreSql, .. arguments], Environment = environment });
    }
}
