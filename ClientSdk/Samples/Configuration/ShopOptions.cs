namespace OrleansKeeper.ClientSdk.Samples.Configuration;

/// <summary>Settings of this sample's application, which knows nothing of where they come from.</summary>
public sealed class ShopOptions
{
    /// <summary>What its page says.</summary>
    public string Banner { get; set; } = "";

    /// <summary>How much cheaper everything is.</summary>
    public int DiscountPercent { get; set; }
}
