using System.Collections;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk;

/// <summary>The names of a znode's children, in no particular order, with the znode's own Stat as of the same moment.</summary>
/// <param name="names">The names.</param>
/// <param name="stat">The Stat.</param>
public sealed class ZNodeChildren(IReadOnlyList<string> names, Stat stat) : IReadOnlyList<string>
{
    /// <summary>The Stat of the znode whose children these are; <see cref="Stat.Pzxid"/> is the last change of the list.</summary>
    public Stat Stat { get; } = stat;

    /// <inheritdoc/>
    public int Count => names.Count;

    /// <inheritdoc/>
    public string this[int index] => names[index];

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator() => names.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
