using System.Security.Cryptography;
using System.Text;

namespace OrleansKeeper.Grains.Storage.PostgreSql;

/// <summary>
/// A parent's path or a name as part of the znode table's key. PostgreSQL refuses keys beyond 2.7 KB, and a path may be as long as a
/// request: a long text has its digest in the key, behind a character that no path has, and stands in a column beside the key.
/// </summary>
internal static class KeyText
{
    private const int MostBytes = 1200;
    private const char DigestMark = '\u0001';

    /// <summary>The keys of long texts are from here on.</summary>
    public static readonly string FirstOfLong = DigestMark.ToString();

    /// <summary>All other keys but the empty one are from here on.</summary>
    public static readonly string BeyondLong = ((char)(DigestMark + 1)).ToString();

    /// <summary>What stands in the key.</summary>
    public static string Of(string text) =>
        IsShort(text) ? text : DigestMark + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>What stands beside the key; null when the key has it all.</summary>
    public static string? Beside(string text) => IsShort(text) ? null : text;

    private static bool IsShort(string text) => 3 * text.Length <= MostBytes || Encoding.UTF8.GetByteCount(text) <= MostBytes;
}
