using OrleansKeeper.ClientSdk.Errors;

namespace OrleansKeeper.ClientSdk.Watches;

/// <summary>What was read together with a watch that was set in the same moment.</summary>
/// <typeparam name="T">What was read.</typeparam>
/// <param name="Value">What was read.</param>
/// <param name="Changed">
/// Completes with the first event; survives reconnects. Faulted with <see cref="ClientClosedException"/> when the client is disposed first.
/// </param>
public sealed record Watched<T>(T Value, Task<WatchEvent> Changed);
