using System.Globalization;

namespace OrleansKeeper.Tests.Robustness.Processes;

/// <summary>What a process holds at a moment, as the kernel counts it.</summary>
internal readonly record struct ProcessUsage(int FileDescriptors, long ResidentBytes)
{
    public static ProcessUsage Of(int processId) =>
        new(Directory.GetFileSystemEntries($"/proc/{processId}/fd").Length, ResidentBytesOf(processId));

    private static long ResidentBytesOf(int processId)
    {
        const string Field = "VmRSS:";
        var line = File.ReadLines($"/proc/{processId}/status").First(candidate => candidate.StartsWith(Field, StringComparison.Ordinal));
        return long.Parse(line.AsSpan(Field.Length).Trim().TrimEnd("kB").Trim(), CultureInfo.InvariantCulture) * 1024;
    }

    public override string ToString() => $"{FileDescriptors} file descriptors, {ResidentBytes >> 20} MiB resident";
}
