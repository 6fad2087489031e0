using System.Globalization;

namespace OrleansKeeper.Benchmarks.Ensemble;

/// <summary>A process with those that it started, as PostgreSQL is one: read from Linux' <c>/proc</c>.</summary>
internal static class ProcessTree
{
    // Fields of /proc/PID/stat, counted behind the command's name, which may hold spaces.
    private const int Parent = 1;
    private const int UserTime = 11;
    private const int EndedChildrensSystemTime = 14;

    private const double TicksPerSecond = 100;

    /// <summary>Processor time of a process and its children, also those that have ended.</summary>
    public static TimeSpan ProcessorTimeOf(int process)
    {
        var ticks = 0L;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var number) || ReadFields(folder) is not { } fields)
                continue;
            if (number != process && Field(fields, Parent) != process)
                continue;

            for (var i = UserTime; i <= EndedChildrensSystemTime; i++)
                ticks += Field(fields, i);
        }

        return TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }

    private static string[]? ReadFields(string folder)
    {
        try
        {
            var line = File.ReadAllText(Path.Combine(folder, "stat"));
            return line[(line.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            // It has just ended.
            return null;
        }
    }

    private static long Field(string[] fields, int index) => long.Parse(fields[index], CultureInfo.InvariantCulture);
}
