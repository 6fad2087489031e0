namespace OrleansKeeper.Tests.Robustness.Linearizability;

/// <summary>What an object does when it is asked one thing at a time.</summary>
internal interface ISequentialModel<TState, TOperation>
    where TState : struct, IEquatable<TState>
{
    TState Initial { get; }

    /// <summary>
    /// The state after an operation, or null when the operation cannot have had its result in this state. One that never returned may
    /// have had any, unless what else is known of the history speaks against it.
    /// </summary>
    TState? Apply(TState state, TOperation operation);

    /// <summary>
    /// Whether the operation never returned and is like all others of which this is said: each could stand wherever another of them does.
    /// </summary>
    bool IsInterchangeable(TOperation operation);
}
