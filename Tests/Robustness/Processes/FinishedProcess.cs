namespace OrleansKeeper.Tests.Robustness.Processes;

/// <summary>How a process that ended by itself ended.</summary>
internal sealed record FinishedProcess(int ExitCode, string Output);
