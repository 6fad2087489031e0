using System.Globalization;
using OrleansKeeper.Tests.Robustness.Clients;
using OrleansKeeper.Tests.Robustness.Processes;

namespace OrleansKeeper.Tests.Robustness;

/// <summary>A server that cannot serve rightly says why and ends, instead of serving wrongly.</summary>
public sealed class DataDirectoryTests : RobustnessTest
{
    private const string Marker = "a value that must come back as it was written";
    private const string LogFile = "log.db";

    private static readonly TimeSpan ExitLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan TerminationLimit = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_second_process_on_the_same_folder_names_the_first()
    {
        ServerKind.RequireSilo("ZooKeeper does not lock its folder.");
        var silo = await StartSiloAsync();
        var second = silo.Settings with { Ports = FreePorts.Take(ServerSettings.PortCount) };
        var ended = await SiloProcess.RunToExitAsync(second, ExitLimit);

        Assert.NotEqual(0, ended.ExitCode);
        Assert.Contains(silo.ProcessId.ToString(CultureInfo.InvariantCulture), ended.Output, StringComparison.Ordinal);
        await using var session = await KeeperSession.OpenAsync(silo.EndPoint, CancellationToken.None);
        await session.CreateAsync("/still-served").OkAsync();
    }

    [Fact]
    public async Task The_folder_is_free_again_after_a_kill()
    {
        var silo = await StartSiloAsync();
        await silo.KillAsync();
        await silo.StartAsync();
    }

    [Theory]
    [InlineData("--Keeper:ClientPort=99999", "ClientPort")]
    [InlineData("--Keeper:NoSuchKey=1", "NoSuchKey")]
    public async Task A_wrong_setting_is_named(string argument, string key)
    {
        ServerKind.RequireSilo("ZooKeeper has other settings.");
        var settings = ServerSettings.In(Folder) with { Arguments = [argument] };
        var ended = await SiloProcess.RunToExitAsync(settings, ExitLimit);

        Assert.NotEqual(0, ended.ExitCode);
        Assert.Contains(key, ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_corrupted_log_is_not_applied_silently()
    {
        ServerKind.RequireSilo("ZooKeeper's log is another file.");
        var silo = await StartSiloAsync();
        await using (var session = await KeeperSession.OpenAsync(silo.EndPoint, CancellationToken.None))
        {
            await session.CreateAsync("/marked", Marker).OkAsync();
            await session.CloseAsync();
        }

        await silo.TerminateAsync(TerminationLimit);
        var log = Assert.Single(Directory.GetFiles(silo.Settings.DataDirectory, LogFile, SearchOption.AllDirectories));
        Assert.True(await FileCorruption.FlipAsync(log, Marker), "The log does not hold the value.");

        var ended = await SiloProcess.RunToExitAsync(silo.Settings, ExitLimit);
        Assert.NotEqual(0, ended.ExitCode);
        Assert.Matches("(?i)corrupt|checksum|damaged", ended.Output);
    }
}
