using System.Text;

namespace OrleansKeeper.Tests.Robustness.Processes;

/// <summary>Damages a file as failing hardware would: without telling anybody, and without changing its length.</summary>
internal static class FileCorruption
{
    /// <summary>Flips one bit in each place where the file holds the text; false when it does not hold it.</summary>
    public static async Task<bool> FlipAsync(string file, string text)
    {
        var bytes = await File.ReadAllBytesAsync(file);
        var pattern = Encoding.UTF8.GetBytes(text);
        var found = false;
        for (var at = bytes.AsSpan().IndexOf(pattern); at >= 0; at = bytes.AsSpan().IndexOf(pattern))
        {
            bytes[at + pattern.Length / 2] ^= 0x04;
            found = true;
        }

        await File.WriteAllBytesAsync(file, bytes);
        return found;
    }
}
