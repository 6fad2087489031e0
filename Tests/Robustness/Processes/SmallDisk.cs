using System.ComponentModel;
using System.Runtime.InteropServices;

namespace OrleansKeeper.Tests.Robustness.Processes;

/// <summary>A file system of a few megabytes, which a test can fill.</summary>
internal sealed partial class SmallDisk : IDisposable
{
    private const int LazyUnmount = 2;

    private readonly string _filler;

    private SmallDisk(string folder)
    {
        Folder = folder;
        _filler = Path.Combine(folder, "filler");
    }

    public string Folder { get; }

    /// <summary>Mounts one on a folder, or skips the test where the system does not let it.</summary>
    public static SmallDisk MountOrSkip(string folder, int megabytes)
    {
        Directory.CreateDirectory(folder);
        if (Mount("tmpfs", folder, "tmpfs", 0, $"size={megabytes}m") != 0)
            Assert.Skip($"A small disk cannot be mounted here: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}.");
        return new SmallDisk(folder);
    }

    /// <summary>Leaves this much space.</summary>
    public void Fill(int kilobytesLeft)
    {
        var free = new DriveInfo(Folder).AvailableFreeSpace;
        var rest = new byte[Math.Max(0, free - kilobytesLeft * 1024L)];
        File.WriteAllBytes(_filler, rest);
    }

    public void Free() => File.Delete(_filler);

    public void Dispose() => Unmount(Folder, LazyUnmount);

    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Mount(string source, string target, string fileSystem, ulong flags, string data);

    [LibraryImport("libc", EntryPoint = "umount2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unmount(string target, int flags);
}
