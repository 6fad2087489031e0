using System.Net;
using OrleansKeeper.Tests.Robustness.Processes;

namespace OrleansKeeper.Tests.Robustness.Cluster.Networks;

/// <summary>Finds out which process has a connection, as the kernel tells.</summary>
internal static class SocketOwner
{
    private const int InodeField = 9;
    private const string NoInode = "0";

    /// <summary>Which of these processes has a socket with this local port; null when none of them.</summary>
    public static int? Find(IPEndPoint local, IEnumerable<int> processes)
    {
        var inode = KernelConnections.OfLocalPort(local.Port).Select(fields => fields[InodeField]).FirstOrDefault(inode => inode != NoInode);
        if (inode is null)
            return null;

        var socket = $"socket:[{inode}]";
        foreach (var process in processes)
        {
            if (Has(process, socket))
                return process;
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
