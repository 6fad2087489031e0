using System.Globalization;
using OrleansKeeper.Tests.Interop.Wire;

namespace OrleansKeeper.Tests.Interop.Differential;

/// <summary>Access control lists in scripts: <c>perms:scheme:id</c>, separated by '|'; nothing at all is null, "none" is empty.</summary>
public static class AclText
{
    public static byte[] Encode(string? text)
    {
        var writer = new JuteWriter();
        if (text is null)
            return writer.Int(-1).ToArray();
        var entries = text == "none" ? [] : text.Split('|').Select(entry => entry.Split(':', 3)).ToList();
        writer.Int(entries.Count);
        foreach (var entry in entries)
            writer.Int(int.Parse(entry[0], CultureInfo.InvariantCulture)).String(entry[1]).String(entry[2]);
        return writer.ToArray();
    }

    public static string Decode(JuteReader reader) => string.Join('|', KnownDifferences.SortExpandedIdentities(
        reader.List(() => string.Create(CultureInfo.InvariantCulture, $"{reader.Int()}:{reader.String()}:{reader.String()}"))));
}
