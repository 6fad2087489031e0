namespace OrleansKeeper.Tests.Robustness.Processes;

/// <summary>Where the repository that these tests were built from is.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Where a failing test leaves its history, data folder and the server's output.</summary>
    public static string Histories { get; } = Path.Combine(Root, "Tests", ".histories");

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "global.json")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} has a global.json.");
    }
}
