namespace OrleansKeeper.Tests.Robustness;

/// <summary>
/// Tests that measure time, or whose processes use every core: two at once would disturb each other. The others wait most of their time, and run two
/// at a time before these.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "Alone";
}
