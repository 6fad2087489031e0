using BenchmarkDotNet.Attributes;
using OrleansKeeper.Grains.Transactions;

namespace OrleansKeeper.Benchmarks.Micro.Tree;

/// <summary>
/// Applying a transaction to the replica, while nobody watches. Each iteration has a replica of its own, since what was applied stays.
/// </summary>
[MemoryDiagnoser]
public class ApplyBenchmarks
{
    private const int Transactions = 20_000;
    private const int ZNodes = 1000;

    private readonly byte[] _data = new byte[100];
    private TreeFixture _fixture = null!;
    private Transaction[] _transactions = [];

    [IterationSetup(Target = nameof(ApplyCreate))]
    public void PrepareCreates()
    {
        Begin();
        _transactions = [.. Enumerable.Range(0, Transactions).Select(number => _fixture.Create($"/p/{number:D10}", _data))];
    }

    [Benchmark(OperationsPerInvoke = Transactions)]
    public void ApplyCreate() => ApplyAll();

    [IterationSetup(Target = nameof(ApplySetData))]
    public void PrepareChanges()
    {
        Begin();
        for (var i = 0; i < ZNodes; i++)
            _fixture.Apply(_fixture.Create($"/p/{i:D10}", _data));
        _transactions = [.. Enumerable.Range(0, Transactions).Select(number => _fixture.SetData($"/p/{number % ZNodes:D10}", _data))];
    }

    [Benchmark(OperationsPerInvoke = Transactions)]
    public void ApplySetData() => ApplyAll();

    private void Begin()
    {
        _fixture = new TreeFixture();
        _fixture.Apply(_fixture.Create("/p", null));
    }

    private void ApplyAll()
    {
        foreach (var transaction in _transactions)
            _fixture.Apply(transaction);
    }
}
