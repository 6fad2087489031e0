namespace OrleansKeeper.Tests.Cluster.Scenarios;

/// <summary>Settings of the tests' application.</summary>
public sealed class ShopOptions
{
    public string Banner { get; set; } = "";

    public int Discount { get; set; }

    public IList<string> Currencies { get; } = [];
}
