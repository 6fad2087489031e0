namespace OrleansKeeper.ClientSdk.Naming;

/// <summary>Where names are kept, and how many a client remembers.</summary>
public sealed class NameServiceOptions
{
    /// <summary>The names' parent.</summary>
    public string Path { get; set; } = "/names";

    /// <summary>How many names a client remembers; beyond these it forgets one for each that it learns.</summary>
    public int MaxCachedNames { get; set; } = 10_000;
}
