using OrleansKeeper.Grains.Storage;

namespace OrleansKeeper.Tests.Cluster.Storage;

internal sealed class CounterGrain([PersistentState("counter", KeeperGrainStorage.Sessions)] IPersistentState<CounterState> state) : Grain, ICounterGrain
{
    public async Task<int> Add(int amount)
    {
        state.State.Value += amount;
        await state.WriteStateAsync();
        return state.State.Value;
    }

    public Task<int> Read() => Task.FromResult(state.RecordExists ? state.State.Value : -1);

    public Task Clear() => state.ClearStateAsync();
}

[GenerateSerializer]
[Alias("OrleansKeeper.Tests.CounterState")]
internal sealed class CounterState
{
    [Id(0)]
    public int Value { get; set; }
}
