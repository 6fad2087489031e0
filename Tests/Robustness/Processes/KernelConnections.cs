using System.Globalization;

namespace OrleansKeeper.Tests.Robustness.Processes;

/// <summary>The machine's TCP connections, as the kernel tells of them in <c>/proc/net</c>.</summary>
internal static class KernelConnections
{
    private const int LocalAddressField = 1;

    private static readonly string[] Files = ["/proc/net/tcp", "/proc/net/tcp6"];

    /// <summary>
    /// The fields of each that has this local port: its number, the local and the remote address, the state, the bytes not yet sent and not yet
    /// read, all hexadecimal, and further on its inode.
    /// </summary>
    public static IEnumerable<string[]> OfLocalPort(int port)
    {
        var suffix = string.Create(CultureInfo.InvariantCulture, $":{port:X4}");
        return Files
            .SelectMany(file => File.ReadLines(file).Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields[LocalAddressField].EndsWith(suffix, StringComparison.Ordinal));
    }
}
