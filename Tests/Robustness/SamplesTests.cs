using System.Diagnostics;
using OrleansKeeper.Tests.Robustness.Processes;

namespace OrleansKeeper.Tests.Robustness;

/// <summary>The samples of the client, each as a process of its own, as a reader runs them.</summary>
public sealed class SamplesTests : RobustnessTest
{
    /// <summary>Far more than a sample takes: it is there to end one that hangs.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    [Theory]
    [InlineData(
        "Naming",
        "www.example.com is 10.0.0.1:80 and 10.0.0.2:80",
        "www.example.com is 10.0.0.9:80 and 10.0.0.2:80",
        "www.example.com is not bound")]
    [InlineData("Configuration", "The shop says: Welcome, 0 % off", "The shop says: Summer sale, 20 % off")]
    [InlineData("ClusterStatus", "worker joined: 40 % busy", "worker changed: 95 % busy", "worker left")]
    [InlineData(
        "ServersOnline",
        "the second server goes down ...",
        "a fourth one starts ...",
        "event: server-0000000003 joined",
        "http://shop/ was answered by: first, fourth, third")]
    [InlineData("LoadBalancing", "the service counted 300 visits")]
    public async Task A_sample_shows_what_it_is_about_and_ends_well(string name, params string[] lines)
    {
        ServerKind.RequireSilo("The samples start a silo.");
        var ended = await RunAsync(name, "--once");

        Assert.True(ended.ExitCode == 0, $"{name} ended with {ended.ExitCode}:\n{ended.Output}");
        var printed = ended.Output.Split('\n', StringSplitOptions.TrimEntries);
        var position = -1;
        foreach (var line in lines)
        {
            var found = Array.IndexOf(printed, line, position + 1);
            Assert.True(found >= 0, $"{name} did not print \"{line}\" where it should:\n{ended.Output}");
            position = found;
        }
    }

    [Fact]
    public async Task A_sample_uses_a_service_that_runs_already()
    {
        ServerKind.RequireSilo("The samples are .NET clients.");
        var silo = await StartSiloAsync();

        var ended = await RunAsync("ServersOnline", "--once", $"--Keeper:Gateways={silo.Settings.Gateway}");

        Assert.True(ended.ExitCode == 0, ended.Output);
    }

    [Fact]
    public async Task A_sample_names_what_it_does_not_understand()
    {
        ServerKind.RequireSilo("The samples start a silo.");
        var ended = await RunAsync("Naming", "--twice");

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("--twice", ended.Output, StringComparison.Ordinal);
    }

    private static async Task<FinishedProcess> RunAsync(string sample, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["run", "--project", $"ClientSdk/Samples/{sample}", "-c", "Release", "--no-build", "--", .. arguments])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var output = new ProcessOutput();
        using var process = Process.Start(start)!;
        output.Capture(process);
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{sample} did not end within {Limit.TotalSeconds} s:\n{output}");
        }
        return new FinishedProcess(process.ExitCode, output.ToString());
    }
}
