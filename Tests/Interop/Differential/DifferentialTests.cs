namespace OrleansKeeper.Tests.Interop.Differential;

/// <summary>
/// The genuine ZooKeeper as oracle: the same scripts, written and random, must look the same to every session on both servers.
/// A random script comes from its seed; KEEPER_INTEROP_SEED repeats the one that chance chose. A divergence is shrunk and printed
/// as a script, which KEEPER_INTEROP_SCRIPT=file replays.
/// </summary>
public sealed class DifferentialTests(OraclePair oracle, ITestOutputHelper output) : IClassFixture<OraclePair>
{
    private static readonly TimeSpan ShrinkLimit = TimeSpan.FromSeconds(45);

    public static TheoryData<string> Scripts()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Differential", "Scripts");
        var files = Directory.GetFiles(folder, "*.txt").Order(StringComparer.Ordinal).Select(file => Path.GetFileName(file)!);
        return new TheoryData<string>(Environment.GetEnvironmentVariable("KEEPER_INTEROP_SCRIPT") is { Length: > 0 } own ? files.Append(Path.GetFullPath(own)) : files);
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public Task WrittenScriptLooksTheSame(string file)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Differential", "Scripts", file);
        return CompareAsync(Script.Parse(File.ReadAllText(path)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public Task RandomScriptLooksTheSame(int seed) => CompareAsync(new RequestGenerator(seed).Steps(500));

    [Fact]
    public Task ScriptOfAnUnknownSeedLooksTheSame()
    {
        var seed = Environment.GetEnvironmentVariable("KEEPER_INTEROP_SEED") is { Length: > 0 } given
            ? int.Parse(given, System.Globalization.CultureInfo.InvariantCulture)
            : Random.Shared.Next();
        output.WriteLine($"KEEPER_INTEROP_SEED={seed}");
        Console.WriteLine($"KEEPER_INTEROP_SEED={seed}");
        return CompareAsync(new RequestGenerator(seed).Steps(800));
    }

    [Fact]
    public void ScriptSurvivesItsText()
    {
        var steps = new RequestGenerator(99).Steps(200);
        var text = Script.Format(steps);
        Assert.Equal(text, Script.Format(Script.Parse(text)));
        Assert.Contains("multi", text, StringComparison.Ordinal);
    }

    private async Task CompareAsync(IReadOnlyList<Step> steps)
    {
        var comparison = new Comparison(oracle.Servers);
        if (await comparison.RunAsync(steps) is not { } divergence)
            return;
        var smallest = await new Shrinker(comparison, ShrinkLimit).ShrinkAsync(steps, divergence);
        Assert.Fail($"{smallest.Divergence}\nThe script, shrunk to {smallest.Steps.Count} of {steps.Count} steps:\n{Script.Format(smallest.Steps)}");
    }
}
