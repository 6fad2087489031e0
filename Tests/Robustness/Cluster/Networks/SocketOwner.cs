using System.Globalization;
using System.Net;

namespace OrleansKeeper.Tests.Robustness.Cluster.Networks;

/// <summary>Finds out which process has a connection, as the kernel tells.</summary>
internal static class SocketOwner
{
    private const string Connections = "/proc/net/tcp";
    private const string Connections6 = "/proc/net/tcp6";
    private const int LocalAddressField = 1;
    private const int InodeField = 9;

    /// <summary>Which of these processes has a socket with this local port; null when none of them.</summary>
    public static int? Find(IPEndPoint local, IEnumerable<int> processes)
    {
        if (Inode(local.Port) is not { } inode)
            return null;

        var socket = $"socket:[{inode}]";
        foreach (var process in processes)
        {
            if (Has(process, socket))
                return process;
        }

        return null;
    }

    private static string? Inode(int port)
    {
        var suffix = string.Create(CultureInfo.InvariantCulture, $":{port:X4}");
        foreach (var file in new[] { Connections, Connections6 })
        {
            foreach (var line in File.ReadLines(file).Skip(1))
            {
                var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (fields[LocalAddressField].EndsWith(suffix, StringComparison.Ordinal) && fields[InodeField] != "0")
                    return fields[InodeField];
            }
        }

        return null;
    }

    private static bool Has(int process, string socket)
    {
        try
        {
            return Directory.EnumerateFiles($"/proc/{process}/fd").Any(file => IsLink(file, socket));
        }
        catch (IOException)
        {
            // The process has ended.
            return false;
        }
    }

    private static bool IsLink(string file, string target)
    {
        try
        {
            return new FileInfo(file).LinkTarget == target;
        }
        catch (IOException)
        {
            // It was closed meanwhile.
            return false;
        }
    }
}
