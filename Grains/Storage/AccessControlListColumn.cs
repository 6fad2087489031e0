using System.Text;
using OrleansKeeper.Grains.Security;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Grains.Storage;

/// <summary>
/// The binary form of an access control list in a row: a version byte, then for each entry its permissions, scheme and identity.
/// Numbers have seven bits a byte; a string is its length in bytes plus one, and 0 when it is null. Most rows have the open list, which is NULL.
/// </summary>
internal static class AccessControlListColumn
{
    private const byte FormatVersion = 1;

    /// <summary>The column's bytes; null for NULL.</summary>
    public static byte[]? Encode(AccessControlList list)
    {
        if (list.Equals(AccessControlList.OpenUnsafe))
            return null;

        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(FormatVersion);
        foreach (var entry in list.Entries)
        {
            writer.Write7BitEncodedInt((int)entry.Permissions);
            WriteString(writer, entry.Id.Scheme);
            WriteString(writer, entry.Id.Identity);
        }

        return stream.ToArray();
    }

    public static AccessControlList Decode(ReadOnlySpan<byte> column)
    {
        if (column.IsEmpty || column[0] != FormatVersion)
            throw new InvalidDataException("An access control list is stored in a form that this version does not know.");

        var entries = new List<Acl>();
        for (var rest = column[1..]; !rest.IsEmpty;)
        {
            var permissions = (Permissions)ReadInt32(ref rest);
            var scheme = ReadString(ref rest);
            entries.Add(new Acl(permissions, new Id(scheme, ReadString(ref rest))));
        }

        return AccessControlList.Of([.. entries]);
    }

    private static void WriteString(BinaryWriter writer, string? value)
    {
        if (value is null)
        {
            writer.Write7BitEncodedInt(0);
            return;
        }

        var bytes = Encoding.UTF8.GetBytes(value);
        writer.Write7BitEncodedInt(bytes.Length + 1);
        writer.Write(bytes);
    }

    private static string? ReadString(ref ReadOnlySpan<byte> rest)
    {
        var length = ReadInt32(ref rest) - 1;
        if (length < 0)
            return null;
        if (length > rest.Length)
            throw new InvalidDataException("A stored access control list ends too early.");

        var value = Encoding.UTF8.GetString(rest[..length]);
        rest = rest[length..];
        return value;
    }

    private static int ReadInt32(ref ReadOnlySpan<byte> rest)
    {
        var value = 0u;
        for (var shift = 0; shift < 35; shift += 7)
        {
            if (rest.IsEmpty)
                break;

            var part = rest[0];
            rest = rest[1..];
            value |= (part & 0x7Fu) << shift;
            if (part < 0x80)
                return unchecked((int)value);
        }

        throw new InvalidDataException("A stored access control list ends too early.");
    }
}
