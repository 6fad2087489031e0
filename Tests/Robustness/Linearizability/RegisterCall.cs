namespace OrleansKeeper.Tests.Robustness.Linearizability;

/// <summary>What a register was asked, and what it answered.</summary>
/// <param name="IsWrite">Whether it sets the register.</param>
/// <param name="Value">What is written, or was read.</param>
/// <param name="ExpectedVersion">The version at which to write; -1 for any.</param>
/// <param name="IsKnown">Whether the answer is known.</param>
/// <param name="Version">The version that a write made, or a read saw; null when the write was refused because of the version.</param>
/// <param name="Source">Where in the history it stands.</param>
internal sealed record RegisterCall(bool IsWrite, string Value, int ExpectedVersion, bool IsKnown, int? Version, object Source)
{
    public override string ToString() => Source.ToString()!;
}
