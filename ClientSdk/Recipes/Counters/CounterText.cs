using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace OrleansKeeper.ClientSdk.Recipes.Counters;

/// <summary>A counter's data: the number in decimal ASCII, as kazoo's Counter writes it. No data is 0.</summary>
internal static class CounterText
{
    /// <summary>The number that the data says.</summary>
    /// <exception cref="InvalidDataException">It is not a whole number of 64 bits.</exception>
    public static long Parse(string path, ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
            return 0;
        if (Utf8Parser.TryParse(data, out long value, out var consumed) && consumed == data.Length)
            return value;

        const int Shown = 40;
        throw new InvalidDataException(
            $"The znode {path} is not a counter: its data is \"{Encoding.UTF8.GetString(data[..Math.Min(data.Length, Shown)])}\", not a whole number of 64 bits.");
    }

    /// <summary>The data that says this number.</summary>
    public static byte[] Format(long value) => Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture));
}
