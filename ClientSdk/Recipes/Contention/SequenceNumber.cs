using System.Globalization;

namespace OrleansKeeper.ClientSdk.Recipes.Contention;

/// <summary>The counter at the end of a sequential znode's name.</summary>
internal static class SequenceNumber
{
    private const int Digits = 10;

    public static bool TryParse(ReadOnlySpan<char> text, out int sequence)
    {
        sequence = 0;
        return text.Length >= Digits && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out sequence);
    }

    /// <summary>
    /// Which of two came first. The counter is an int that overflows in the end, so it is the distance that counts; no two contenders that
    /// are there at the same time are 2^31 creations apart.
    /// </summary>
    public static int Compare(int left, int right) => unchecked(left - right);
}
