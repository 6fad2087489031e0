namespace OrleansKeeper.ClientSdk.Recipes.Counters;

/// <summary>How a counter behaves.</summary>
public sealed record DistributedCounterOptions
{
    /// <summary>
    /// A znode below which this counter keeps receipts: small znodes, at most 64 a client, that go by themselves an hour after their last use. With
    /// them a change whose answer was lost is always found out about. Without them it may end as unknown; then the counter's znode is all that is
    /// written, one operation a change. Null unless set. Counters may share it.
    /// </summary>
    public string? ReceiptsPath { get; init; }

    /// <summary>The longest first wait after a change that another client's change came before; it doubles with each further one.</summary>
    public TimeSpan ContentionDelay { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>The longest wait after a change that another client's change came before.</summary>
    public TimeSpan MaxContentionDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
