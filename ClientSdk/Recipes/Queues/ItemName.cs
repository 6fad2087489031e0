using System.Globalization;

namespace OrleansKeeper.ClientSdk.Recipes.Queues;

/// <summary>
/// The name of an item: <c>entry-RANK-COUNTER</c>, where a lower rank goes first, and among equals the lower counter, which the service appends.
/// The rank has three digits or more, so that the order is also that of the names.
/// </summary>
/// <param name="Text">The name.</param>
/// <param name="Rank">The rank.</param>
/// <param name="Counter">The counter.</param>
internal readonly record struct ItemName(string Text, long Rank, int Counter) : IComparable<ItemName>
{
    private const string Prefix = "entry-";

    /// <summary>The name of an item to come, without its counter.</summary>
    public static string WithoutCounter(long rank) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{rank:D3}-");

    /// <summary>Takes a name apart; null for one that is no item's.</summary>
    public static ItemName? TryParse(string text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
            return null;

        var rest = text.AsSpan(Prefix.Length);
        var separator = rest.IndexOf('-');
        return separator > 0
            && long.TryParse(rest[..separator], NumberStyles.None, CultureInfo.InvariantCulture, out var rank)
            && int.TryParse(rest[(separator + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var counter)
                ? new ItemName(text, rank, counter)
                : null;
    }

    /// <inheritdoc/>
    public int CompareTo(ItemName other)
    {
        var byRank = Rank.CompareTo(other.Rank);
        if (byRank != 0)
            return byRank;
        var byCounter = Counter.CompareTo(other.Counter);
        return byCounter != 0 ? byCounter : string.CompareOrdinal(Text, other.Text);
    }
}
