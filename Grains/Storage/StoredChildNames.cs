namespace OrleansKeeper.Grains.Storage;

/// <summary>The names of a znode's children as the tables have them.</summary>
/// <param name="Names">The names; empty when there is no such znode.</param>
/// <param name="Target">
/// The checkpoint target that stood in the tables when the rows were read: they may be as of any zxid up to it, so they are used only once
/// the reader's watermark is there (rule R7).
/// </param>
internal readonly record struct StoredChildNames(IReadOnlyList<string> Names, long Target);
