namespace OrleansKeeper.ClientSdk.Recipes.Nodes;

/// <summary>The data that a znode is to have.</summary>
/// <param name="data">The data.</param>
/// <param name="previous">What it was to have before; null if that was the first.</param>
internal sealed class DesiredData(ReadOnlyMemory<byte> data, DesiredData? previous)
{
    private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DesiredData? _previous = previous;

    /// <summary>The data.</summary>
    public ReadOnlyMemory<byte> Data { get; } = data;

    /// <summary>Completes when the znode has this data, or later data.</summary>
    public Task Written => _written.Task;

    /// <summary>The znode has this data.</summary>
    public void MarkWritten()
    {
        for (var desired = this; desired is not null; desired = Interlocked.Exchange(ref desired._previous, null))
            desired._written.TrySetResult();
    }

    /// <summary>The znode will never have this data.</summary>
    public void Fail(Exception exception)
    {
        for (var desired = this; desired is not null; desired = Interlocked.Exchange(ref desired._previous, null))
        {
            desired._written.TrySetException(exception);

            // Perhaps nobody waits for it.
            _ = desired._written.Task.Exception;
        }
    }
}
