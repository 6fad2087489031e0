namespace OrleansKeeper.Protocol;

/// <summary>The paths of nodes: what is a valid one, and its parts.</summary>
public static class ZNodePath
{
    /// <summary>The path of the root.</summary>
    public const string Root = "/";

    /// <summary>The character between the names of a path.</summary>
    public const char Separator = '/';

    /// <summary>Whether a path names a node. The root's path has no name, and every other path has one behind each separator.</summary>
    /// <param name="path">The path.</param>
    /// <param name="sequential">
    /// Whether the server will append a counter, which makes good a last name that would be empty, "." or "..".
    /// </param>
    /// <returns>Null if the path is valid, else a sentence that says why it is not.</returns>
    public static string? Validate(string? path, bool sequential)
    {
        if (path is null)
            return "Path cannot be null.";
        if (path.Length == 0)
            return "Path length must be > 0.";
        if (path[0] != Separator)
            return "Path must start with / character.";
        if (path.Length == 1)
            return null;
        if (path[^1] == Separator && !sequential)
            return "Path must not end with / character.";

        var nameStart = 1;
        for (var i = 1; i < path.Length; i++)
        {
            var c = path[i];
            if (c == Separator)
            {
                if (RefuseName(path.AsSpan(nameStart, i - nameStart), i) is { } reason)
                    return reason;
                nameStart = i + 1;
            }
            else if (IsForbidden(c))
            {
                return c == 0 ? $"Null character not allowed @{i}." : $"Invalid character U+{(int)c:X4} not allowed @{i}.";
            }
        }

        return sequential ? null : RefuseName(path.AsSpan(nameStart), path.Length);
    }

    /// <summary>The path of a node's parent: "/a" for "/a/b", and "/" for "/a".</summary>
    /// <exception cref="ArgumentException">The path is the root's, which has no parent, or has no separator.</exception>
    public static string Parent(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var last = path.LastIndexOf(Separator);
        if (last < 0 || path.Length == 1)
            throw new ArgumentException("Path has no parent.", nameof(path));
        return last == 0 ? Root : path[..last];
    }

    /// <summary>The last name of a path: "b" for "/a/b". Empty for the root, and for a path that ends in a separator.</summary>
    public static ReadOnlySpan<char> Name(ReadOnlySpan<char> path) => path[(path.LastIndexOf(Separator) + 1)..];

    /// <summary>The path of a node's child.</summary>
    public static string Append(ReadOnlySpan<char> parent, ReadOnlySpan<char> name) =>
        parent is [Separator] ? string.Concat(Root, name) : string.Concat(parent, Root, name);

    /// <summary>The names along a path, from the root down: "a" and "b" for "/a/b", and none for "/".</summary>
    public static ZNodePathComponents Components(ReadOnlySpan<char> path) => new(path);

    private static string? RefuseName(ReadOnlySpan<char> name, int end) => name switch
    {
        [] => $"Empty node name specified @{end}.",
        ['.'] or ['.', '.'] => $"Relative paths not allowed @{end - 1}.",
        _ => null,
    };

    private static bool IsForbidden(char c) =>
        c is <= '\u001F' or (>= '\u007F' and <= '\u009F') or (>= '\uD800' and <= '\uF8FF') or >= '\uFFF0';
}
