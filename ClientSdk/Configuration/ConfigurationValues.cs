using Microsoft.Extensions.Configuration;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Configuration;

/// <summary>
/// Turns znodes into configuration keys: the path below the root with colons for slashes, <c>/config/app/Logging/Level</c> to
/// <c>Logging:Level</c>, and the data as text. A znode without data is a key without text when it has no children, and only a section
/// otherwise.
/// </summary>
internal sealed class ConfigurationValues
{
    private readonly Dictionary<string, string?> _values = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _origins = new(StringComparer.OrdinalIgnoreCase);
    private readonly string _root;
    private readonly bool _parseJson;

    private ConfigurationValues(string root, bool parseJson)
    {
        _root = root;
        _parseJson = parseJson;
    }

    /// <summary>The values of all znodes.</summary>
    /// <param name="root">The znode that the keys begin below.</param>
    /// <param name="znodes">It and those below it.</param>
    /// <param name="parseJson">Whether data that is a JSON object is a section.</param>
    /// <exception cref="FormatException">A znode's JSON is malformed, or two znodes give a value to the same key; the message names
    /// them.</exception>
    public static Dictionary<string, string?> Of(string root, IEnumerable<ConfigurationZNode> znodes, bool parseJson)
    {
        var values = new ConfigurationValues(root, parseJson);
        foreach (var znode in znodes.OrderBy(znode => znode.Path, StringComparer.Ordinal))
            values.Add(znode);
        return values._values;
    }

    private void Add(ConfigurationZNode znode)
    {
        var key = KeyOf(znode.Path);
        var text = znode.Text;
        if (_parseJson && text.AsSpan().TrimStart() is ['{', ..])
        {
            foreach (var (name, value) in JsonSection.Parse(znode.Path, text))
                Add(key.Length == 0 ? name : ConfigurationPath.Combine(key, name), value, znode.Path);
        }
        else if (key.Length > 0 && (text.Length > 0 || !znode.HasChildren))
        {
            Add(key, text, znode.Path);
        }
    }

    private void Add(string key, string? value, string path)
    {
        if (!_values.TryAdd(key, value))
            throw new FormatException($"The znodes {_origins[key]} and {path} both give a value to the configuration key {key}.");
        _origins[key] = path;
    }

    private string KeyOf(string path) =>
        path.Length == _root.Length
            ? string.Empty
            : string.Join(ConfigurationPath.KeyDelimiter, path[(_root == ZNodePath.Root ? 1 : _root.Length + 1)..].Split(ZNodePath.Separator));
}
