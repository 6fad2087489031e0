namespace OrleansKeeper.Tests.Robustness.Cluster.Faults;

/// <summary>A silo whose process ended although nobody had asked for that.</summary>
/// <param name="Silo">Which one.</param>
/// <param name="Noticed">When it was found ended.</param>
/// <param name="Reason">Why it ended.</param>
internal sealed record SiloEnd(int Silo, long Noticed, SiloEndReason Reason)
{
    private const string DeclaredDead = "I have been told I am dead";
    private const string LeftBehind = "This silo is so far behind";
    private const int LastCharacters = 2_000;

    /// <summary>What it wrote last, if that is all that is known of why it ended.</summary>
    public string LastOutput { get; init; } = "";

    /// <summary>An end that the silo's own output gives the reason of.</summary>
    public static SiloEnd Of(int silo, long noticed, string output)
    {
        if (output.Contains(DeclaredDead, StringComparison.Ordinal))
            return new SiloEnd(silo, noticed, SiloEndReason.DeclaredDead);
        if (output.Contains(LeftBehind, StringComparison.Ordinal))
            return new SiloEnd(silo, noticed, SiloEndReason.LeftBehind);

        return new SiloEnd(silo, noticed, SiloEndReason.Crash) { LastOutput = output[^Math.Min(output.Length, LastCharacters)..] };
    }

    public override string ToString() => $"silo {Silo}, {Reason}, noticed at {Noticed}";
}
