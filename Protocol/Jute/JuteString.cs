using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace OrleansKeeper.Protocol.Jute;

/// <summary>
/// Decodes strings as Java's <c>new String(bytes, UTF_8)</c> does, so that clients of either server see the same text. The two
/// platforms differ only in surrogates encoded as three bytes each: Java replaces each by one U+FFFD, .NET by three. They do occur,
/// because ZooKeeper's Java client encodes supplementary characters that way (CESU-8).
/// </summary>
public static class JuteString
{
    private const int StackLimit = 256;

    /// <summary>The text of UTF-8 bytes, malformed ones included.</summary>
    public static string Decode(ReadOnlySpan<byte> utf8)
    {
        if (Ascii.IsValid(utf8))
            return Encoding.Latin1.GetString(utf8);
        return Utf8.IsValid(utf8) ? Encoding.UTF8.GetString(utf8) : DecodeMalformed(utf8);
    }

    private static string DecodeMalformed(ReadOnlySpan<byte> utf8)
    {
        // No byte sequence decodes to more UTF-16 units than it has bytes.
        char[]? rented = null;
        var chars = utf8.Length <= StackLimit ? stackalloc char[StackLimit] : (rented = ArrayPool<char>.Shared.Rent(utf8.Length));
        var written = 0;
        while (!utf8.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(utf8, out var rune, out var consumed);
            written += rune.EncodeToUtf16(chars[written..]);
            if (status != OperationStatus.Done)
                consumed = Math.Max(consumed, EncodedSurrogateLength(utf8));
            utf8 = utf8[consumed..];
        }

        var decoded = new string(chars[..written]);
        if (rented is not null)
            ArrayPool<char>.Shared.Return(rented);
        return decoded;
    }

    private static int EncodedSurrogateLength(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length < 2 || utf8[0] != 0xED || utf8[1] is < 0xA0 or > 0xBF)
            return 0;
        return utf8.Length > 2 && utf8[2] is >= 0x80 and <= 0xBF ? 3 : 2;
    }
}
