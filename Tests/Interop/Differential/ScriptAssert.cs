namespace OrleansKeeper.Tests.Interop.Differential;

/// <summary>Fails when a script does not look the same on both sides, and prints the smallest part of it that still does not.</summary>
public static class ScriptAssert
{
    private static readonly TimeSpan ShrinkLimit = TimeSpan.FromSeconds(45);

    /// <summary>The scripts that come with the tests, and the one that KEEPER_INTEROP_SCRIPT names.</summary>
    public static TheoryData<string> Files()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Differential", "Scripts");
        var files = Directory.GetFiles(folder, "*.txt").Order(StringComparer.Ordinal).Select(file => Path.GetFileName(file)!);
        return new TheoryData<string>(Environment.GetEnvironmentVariable("KEEPER_INTEROP_SCRIPT") is { Length: > 0 } own ? files.Append(Path.GetFullPath(own)) : files);
    }

    public static IReadOnlyList<Step> Read(string file) =>
        Script.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Differential", "Scripts", file)));

    /// <summary>A seed that chance chooses and the output tells, or the one that KEEPER_INTEROP_SEED gives.</summary>
    public static int NewSeed()
    {
        var seed = Environment.GetEnvironmentVariable("KEEPER_INTEROP_SEED") is { Length: > 0 } given
            ? int.Parse(given, System.Globalization.CultureInfo.InvariantCulture)
            : Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"KEEPER_INTEROP_SEED={seed}");
        Console.WriteLine($"KEEPER_INTEROP_SEED={seed}");
        return seed;
    }

    public static async Task LooksTheSameAsync(Comparison comparison, IReadOnlyList<Step> steps)
    {
        if (await comparison.RunAsync(steps) is not { } divergence)
            return;
        var smallest = await new Shrinker(comparison, ShrinkLimit).ShrinkAsync(steps, divergence);
        Assert.Fail($"{smallest.Divergence}\nThe script, shrunk to {smallest.Steps.Count} of {steps.Count} steps:\n{Script.Format(smallest.Steps)}");
    }
}
