using System.Globalization;
using System.Text.RegularExpressions;
using OrleansKeeper.Protocol.Messages;
using OrleansKeeper.Tests.Ports;
using OrleansKeeper.Tests.Robustness.Clients;
using OrleansKeeper.Tests.Robustness.Processes;

namespace OrleansKeeper.Tests.Robustness;

/// <summary>A server that cannot serve rightly says why and ends, instead of serving wrongly.</summary>
public sealed class DataDirectoryTests : RobustnessTest
{
    private const string Marker = "a value that must come back as it was written";
    private const string LogFiles = "log.db*";
    private const string DamageReport = "(?i)corrupt|checksum|damage";
    private const int LaterWrites = 20;

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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_damaged_log_is_refused_reported_or_not_needed(bool endsInGoodOrder)
    {
        ServerKind.RequireSilo("ZooKeeper's log is another file.");
        var silo = await StartSiloAsync();
        await using (var session = await KeeperSession.OpenAsync(silo.EndPoint, CancellationToken.None))
        {
            await session.CreateAsync("/marked", Marker).OkAsync();
            for (var i = 0; i < LaterWrites; i++)
                await session.CreateAsync($"/later-{i}").OkAsync();
        }

        if (endsInGoodOrder)
            await silo.TerminateAsync(TerminationLimit);
        else
            await silo.KillAsync();
        var damaged = 0;
        foreach (var file in Directory.GetFiles(silo.Settings.DataDirectory, LogFiles, SearchOption.AllDirectories))
            damaged += await FileCorruption.FlipAsync(file, Marker) ? 1 : 0;
        Assert.True(damaged > 0, "No file of the log holds the value.");

        try
        {
            await silo.StartAsync();
        }
        catch (ServerEndedException ended)
        {
            WriteLine($"Refused: {ended.Output}");
            Assert.NotEqual(0, ended.ExitCode);
            Assert.Matches(DamageReport, ended.Output);
            return;
        }

        // What a crash in the middle of a commit leaves looks the same at the log's end: leaving that out is right, but not silently.
        if (Regex.IsMatch(silo.Output.ToString(), DamageReport))
            return;

        // A checkpoint had brought the values elsewhere: then they are there, all of them and unharmed.
        await using var reader = await KeeperSession.OpenAsync(silo.EndPoint, CancellationToken.None);
        Assert.Equal(Marker, (await reader.GetDataAsync("/marked")).Read<GetDataResponse>().Text());
        for (var i = 0; i < LaterWrites; i++)
            await reader.ExistsAsync($"/later-{i}").OkAsync();
    }
}
