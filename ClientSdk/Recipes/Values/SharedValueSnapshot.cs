namespace OrleansKeeper.ClientSdk.Recipes.Values;

/// <summary>A shared value at one version.</summary>
/// <param name="Data">The value.</param>
/// <param name="Version">The version to expect when setting the next one; <see cref="Absent"/> while there is no znode.</param>
/// <param name="Zxid">
/// The transaction that set it: it only grows, and is the fencing token of whoever set it. 0 when there has been no znode yet.
/// </param>
public sealed record SharedValueSnapshot(ReadOnlyMemory<byte> Data, int Version, long Zxid)
{
    /// <summary>The version of a value that has no znode: setting it creates one.</summary>
    public const int Absent = -1;

    /// <summary>Whether there is a znode; without one the value is the initial one.</summary>
    public bool Exists => Version != Absent;
}
