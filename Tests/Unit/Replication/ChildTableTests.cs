using OrleansKeeper.Grains.Replication;

namespace OrleansKeeper.Tests.Unit.Replication;

public sealed class ChildTableTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void TableHoldsWhatADictionaryHolds(int seed)
    {
        var random = new Random(seed);
        var table = ChildTable.EmptyComplete;
        var model = new Dictionary<string, TreeNode>();
        for (var step = 0; step < 50_000; step++)
        {
            // Grows and shrinks, so that tombstones are made, used again, and swept away.
            var name = $"child{random.Next(step % 10_000 < 5_000 ? 300 : 20)}";
            if (model.Remove(name, out var known))
            {
                table.Remove(known);
            }
            else
            {
                model.Add(name, new TreeNode(name, null));
                table = Add(table, model[name]);
            }

            Assert.Equal(model.Count, table.Count);
            Assert.Same(model.GetValueOrDefault(name), Find(table, name));
            if (step % 500 == 0)
                AssertSame(model, table);
        }

        AssertSame(model, table);
    }

    [Fact]
    public void TableIsCompleteOrNotAndKeepsItsPlacesEitherWay()
    {
        var node = new TreeNode("a", null);
        var incomplete = Add(ChildTable.Incomplete(), node);
        Assert.False(incomplete.IsComplete);

        var complete = incomplete.AsComplete();
        Assert.True(complete.IsComplete);
        Assert.False(incomplete.IsComplete);
        Assert.Same(node, Find(complete, "a"));
        Assert.Same(complete, complete.AsComplete());
        Assert.Same(incomplete, incomplete.AsIncomplete(fewestToFilter: 0));
        Assert.True(Add(ChildTable.EmptyComplete, node).IsComplete);
        Assert.Equal(0, ChildTable.EmptyComplete.Count);
    }

    [Fact]
    public void TableThatWasCompleteKeepsAFilterOfItsNames()
    {
        var table = ChildTable.EmptyComplete;
        var nodes = Enumerable.Range(0, 1000).Select(i => new TreeNode($"child{i}", null)).ToArray();
        foreach (var node in nodes)
            table = Add(table, node);
        Assert.True(table.Excludes(ChildTable.HashOf("other")));
        Assert.False(table.AsIncomplete(fewestToFilter: nodes.Length + 1).Excludes(ChildTable.HashOf("other")));

        table = table.AsIncomplete(fewestToFilter: nodes.Length);
        Assert.False(table.IsComplete);
        foreach (var node in nodes)
            table.Remove(node);
        for (var i = 0; i < 5000; i++)
            table = Add(table, new TreeNode($"later{i}", null));

        Assert.All(nodes, node => Assert.False(table.Excludes(ChildTable.HashOf(node.Name))));
        Assert.All(Enumerable.Range(0, 5000), i => Assert.False(table.Excludes(ChildTable.HashOf($"later{i}"))));
        Assert.InRange(Enumerable.Range(0, 10_000).Count(i => table.Excludes(ChildTable.HashOf($"never{i}"))), 9_500, 10_000);
        Assert.True(table.FilterBytes > 0);
        Assert.Equal(0, table.AsComplete().FilterBytes);
    }

    [Fact]
    public async Task ReadersFindAChildThatStaysWhileOthersComeAndGo()
    {
        string[] staying = [.. Enumerable.Range(0, 20).Select(i => $"staying{i}")];
        var table = ChildTable.EmptyComplete;
        foreach (var name in staying)
            table = Add(table, new TreeNode(name, null));
        var published = table;
        var isOver = false;
        var reader = Task.Run(() =>
        {
            var missing = 0;
            while (!Volatile.Read(ref isOver))
            {
                var seen = Volatile.Read(ref published);
                foreach (var name in staying)
                    missing += Find(seen, name) is null ? 1 : 0;
                missing += CountStaying(seen) == staying.Length ? 0 : 1;
            }

            return missing;
        });

        var random = new Random(5);
        var coming = new List<TreeNode>();
        for (var step = 0; step < 300_000; step++)
        {
            if (coming.Count > 0 && random.Next(100) < (step / 1000 % 2 == 0 ? 40 : 60))
            {
                var index = random.Next(coming.Count);
                table.Remove(coming[index]);
                coming.RemoveAt(index);
            }
            else
            {
                coming.Add(new TreeNode($"coming{step}", null));
                table = Add(table, coming[^1]);
            }

            Volatile.Write(ref published, table);
        }

        Volatile.Write(ref isOver, true);
        Assert.Equal(0, await reader);
    }

    private static ChildTable Add(ChildTable table, TreeNode node) => table.Add(node, ChildTable.HashOf(node.Name));

    private static TreeNode? Find(ChildTable table, string name) => table.Find(name, ChildTable.HashOf(name));

    private static int CountStaying(ChildTable table)
    {
        var count = 0;
        foreach (var node in table)
            count += node.Name.StartsWith("staying", StringComparison.Ordinal) ? 1 : 0;
        return count;
    }

    private static void AssertSame(Dictionary<string, TreeNode> model, ChildTable table)
    {
        var nodes = new List<TreeNode>();
        foreach (var node in table)
            nodes.Add(node);
        Assert.Equal(model.Values.OrderBy(node => node.Name), nodes.OrderBy(node => node.Name));
        Assert.All(model, entry => Assert.Same(entry.Value, Find(table, entry.Key)));
    }
}
