using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk;

/// <summary>A znode that was just created.</summary>
/// <param name="Path">Its path, with the counter of a sequential one.</param>
/// <param name="Stat">Its Stat; <see cref="Stat.Czxid"/> is the transaction that created it, and a fencing token.</param>
public readonly record struct CreatedZNode(string Path, Stat Stat);
