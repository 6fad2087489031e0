namespace OrleansKeeper.Tests.Interop.Differential;

/// <summary>
/// The scripts of <see cref="DifferentialTests"/> with their sessions spread over three servers, between which they move. A cluster promises
/// each session what it has seen and written itself, and after a sync all that was written anywhere before it: then nobody can tell it from
/// one server. So the sessions sync after each step, and where they move; within a step nothing is asked twice.
/// </summary>
public sealed class ClusterDifferentialTests(ClusterOracle oracle) : IClassFixture<ClusterOracle>
{
    private const int Reattachments = 15;

    [Theory]
    [MemberData(nameof(ScriptAssert.Files), MemberType = typeof(ScriptAssert))]
    public Task WrittenScriptLooksTheSame(string file) => CompareAsync(ScriptAssert.Read(file));

    [Fact]
    public Task RandomScriptLooksTheSame() => CompareAsync(new RequestGenerator(seed: 11, Reattachments).Steps(200));

    [Fact]
    public Task ScriptOfAnUnknownSeedLooksTheSame() => CompareAsync(new RequestGenerator(ScriptAssert.NewSeed(), Reattachments).Steps(300));

    private Task CompareAsync(IReadOnlyList<Step> steps) =>
        ScriptAssert.LooksTheSameAsync(new Comparison([oracle.Reference], oracle.Ours.Servers), steps);
}
