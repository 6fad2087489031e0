namespace OrleansKeeper.Tests.Interop.Differential;

/// <summary>
/// The genuine ZooKeeper as oracle: the same scripts, written and random, must look the same to every session on both servers.
/// A random script comes from its seed; KEEPER_INTEROP_SEED repeats the one that chance chose. A divergence is shrunk and printed
/// as a script, which KEEPER_INTEROP_SCRIPT=file replays.
/// </summary>
public sealed class DifferentialTests(OraclePair oracle) : IClassFixture<OraclePair>
{
    [Theory]
    [MemberData(nameof(ScriptAssert.Files), MemberType = typeof(ScriptAssert))]
    public Task WrittenScriptLooksTheSame(string file) => CompareAsync(ScriptAssert.Read(file));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public Task RandomScriptLooksTheSame(int seed) => CompareAsync(new RequestGenerator(seed).Steps(500));

    [Fact]
    public Task ScriptOfAnUnknownSeedLooksTheSame() => CompareAsync(new RequestGenerator(ScriptAssert.NewSeed()).Steps(800));

    [Fact]
    public void ScriptSurvivesItsText()
    {
        var steps = new RequestGenerator(99).Steps(200);
        var text = Script.Format(steps);
        Assert.Equal(text, Script.Format(Script.Parse(text)));
        Assert.Contains("multi", text, StringComparison.Ordinal);
    }

    private Task CompareAsync(IReadOnlyList<Step> steps) =>
        ScriptAssert.LooksTheSameAsync(new Comparison([oracle.Servers.Reference], [oracle.Servers.Ours]), steps);
}
