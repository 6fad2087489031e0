using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk;

/// <summary>What was read of a znode.</summary>
/// <param name="Data">Its data; empty also when it was given none.</param>
/// <param name="Stat">Its Stat.</param>
public readonly record struct ZNodeContent(ReadOnlyMemory<byte> Data, Stat Stat);
