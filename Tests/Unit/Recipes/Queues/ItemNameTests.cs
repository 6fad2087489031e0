using OrleansKeeper.ClientSdk.Recipes.Queues;

namespace OrleansKeeper.Tests.Unit.Recipes.Queues;

/// <summary>The names of a queue's items.</summary>
public sealed class ItemNameTests
{
    [Theory]
    [InlineData(0, "entry-000-")]
    [InlineData(100, "entry-100-")]
    [InlineData(1_790_000_000_000, "entry-1790000000000-")]
    public void RankIsInTheNameAsKazooWritesIt(long rank, string expected)
    {
        Assert.Equal(expected, ItemName.WithoutCounter(rank));
        Assert.Equal(new ItemName(expected + "0000000042", rank, 42), ItemName.TryParse(expected + "0000000042"));
    }

    [Theory]
    [InlineData("entry-100")]
    [InlineData("entry--0000000001")]
    [InlineData("entry-100-x")]
    [InlineData("entry-1e2-0000000001")]
    [InlineData("queue-0000000001")]
    public void OtherNamesAreNoItems(string text) => Assert.Null(ItemName.TryParse(text));

    [Fact]
    public void LowerRankGoesFirstAndThenTheLowerCounter()
    {
        string[] names = ["entry-100-0000000002", "entry-001-0000000009", "entry-1000-0000000001", "entry-100-0000000001"];

        var sorted = names.Select(name => ItemName.TryParse(name)!.Value).Order().Select(name => name.Text);

        Assert.Equal([names[1], names[3], names[0], names[2]], sorted);
    }
}
