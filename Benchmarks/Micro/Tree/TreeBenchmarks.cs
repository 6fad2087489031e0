using BenchmarkDotNet.Attributes;
using OrleansKeeper.Grains.Replication;

namespace OrleansKeeper.Benchmarks.Micro.Tree;

/// <summary>Reads of the resident tree, as they are made for each request.</summary>
[MemoryDiagnoser]
public class TreeBenchmarks
{
    private const int Siblings = 100_000;
    private const int Listed = 1000;
    private const string Existing = "/services/orders/instance-0000000042";
    private const string Missing = "/many/missing";
    private const string Parent = "/listed";

    private ZNodeTree _tree = null!;
    private ChildTable _children = null!;

    [GlobalSetup]
    public void Fill()
    {
        var fixture = new TreeFixture();
        foreach (var path in new[] { "/services", "/services/orders", Existing, "/many", Parent })
            fixture.Apply(fixture.Create(path, new byte[100]));
        for (var i = 0; i < Siblings; i++)
            fixture.Apply(fixture.Create($"/many/{i:D10}", null));
        for (var i = 0; i < Listed; i++)
            fixture.Apply(fixture.Create($"{Parent}/instance-{i:D10}", null));

        _tree = fixture.Replica.Tree;
        _children = _tree.Find(Parent).Place!.Children!;
        Demand(_tree.Find(Existing).Residency == Residency.Present);
        Demand(_tree.Find(Missing).Residency == Residency.Absent);
        Demand(ChildNames.List(_tree, Parent, out _, out _) is not null);
    }

    [Benchmark]
    public bool FindExisting() => _tree.Find(Existing).Residency == Residency.Present;

    [Benchmark]
    public bool FindMissingAmongManySiblings() => _tree.Find(Missing).Residency == Residency.Absent;

    [Benchmark]
    public object? ListChildren() => ChildNames.List(_tree, Parent, out _, out _);

    /// <summary>As the first list after a child came or went, which has to encode all names again.</summary>
    [Benchmark]
    public object? ListChangedChildren()
    {
        _children.Listing = null;
        return ChildNames.List(_tree, Parent, out _, out _);
    }

    private static void Demand(bool condition)
    {
        if (!condition)
            throw new InvalidOperationException("The tree does not show what is to be measured.");
    }
}
