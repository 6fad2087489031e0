namespace OrleansKeeper.Tests.Robustness.Cluster.Checks;

/// <summary>Something that must not be so, and the name of the check that found it.</summary>
internal sealed record Violation(string Check, string What)
{
    public override string ToString() => $"{Check}: {What}";
}
