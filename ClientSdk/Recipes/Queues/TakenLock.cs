namespace OrleansKeeper.ClientSdk.Recipes.Queues;

/// <summary>A lock of an item, and the item's data.</summary>
/// <param name="Name">The item.</param>
/// <param name="Data">The item's data.</param>
/// <param name="Token">The transaction that created the lock.</param>
/// <param name="Registration">The consumer's registration, of the lock's session.</param>
/// <param name="SessionLost">Cancelled when the client cannot vouch for that session any more.</param>
internal sealed record TakenLock(string Name, ReadOnlyMemory<byte> Data, long Token, QueueRegistration Registration, CancellationToken SessionLost);
