using System.Globalization;

namespace OrleansKeeper.Tests.Interop.Differential;

/// <summary>The znode below which one run plays, so that many runs share the servers without seeing each other.</summary>
public sealed class RunRoot
{
    private static int _runs;

    public string Path { get; } = string.Create(CultureInfo.InvariantCulture, $"/run{Interlocked.Increment(ref _runs):d6}");

    /// <summary>From a script's path to the server's.</summary>
    public string Absolute(string path) =>
        path.StartsWith('~') ? path[1..] : path == "/" ? Path : Path + path;

    /// <summary>From the server's path to a script's.</summary>
    public string? Relative(string? path)
    {
        if (path is null)
            return null;
        if (path == Path)
            return "/";
        return path.StartsWith(Path + "/", StringComparison.Ordinal) ? path[Path.Length..] : "~" + path;
    }
}
