namespace OrleansKeeper.Tests.Robustness.Processes;

/// <summary>A server that was to serve ended instead.</summary>
internal sealed class ServerEndedException(int exitCode, string output)
    : Exception($"The server ended with {exitCode} before it served. It wrote:\n{output}")
{
    public int ExitCode { get; } = exitCode;

    public string Output { get; } = output;
}
