namespace OrleansKeeper.Protocol;

/// <summary>
/// The names along a path, for <c>foreach</c>, without allocating. Paths need not be valid: one that is not yields an empty name
/// somewhere, or a name no node has, so that looking its names up fails.
/// </summary>
public ref struct ZNodePathComponents
{
    private ReadOnlySpan<char> _rest;
    private bool _more;

    internal ZNodePathComponents(ReadOnlySpan<char> path)
    {
        // A path that does not start at the root begins with a name that cannot be found, instead of passing for one that does.
        var isAbsolute = path is [ZNodePath.Separator, ..];
        _rest = isAbsolute ? path[1..] : default;
        _more = !isAbsolute || path.Length > 1;
    }

    /// <summary>The current name.</summary>
    public ReadOnlySpan<char> Current { get; private set; }

    /// <summary>This enumerator, at its beginning.</summary>
    public readonly ZNodePathComponents GetEnumerator() => this;

    /// <summary>Moves to the next name, if there is one.</summary>
    public bool MoveNext()
    {
        if (!_more)
            return false;

        var end = _rest.IndexOf(ZNodePath.Separator);
        _more = end >= 0;
        Current = _more ? _rest[..end] : _rest;
        _rest = _more ? _rest[(end + 1)..] : default;
        return true;
    }
}
