namespace OrleansKeeper.Tests.Robustness.Linearizability;

/// <summary>A register's value, null for one that nobody ever saw, and how often it was set.</summary>
internal readonly record struct RegisterState(string? Value, int Version);
