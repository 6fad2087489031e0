namespace OrleansKeeper.Tests.Interop.Clients;

/// <summary>What a client's process left behind.</summary>
public sealed record ClientOutput(int ExitCode, string Output, string Errors)
{
    public IEnumerable<string> Lines => Output.Split('\n');

    /// <summary>Fails with everything the client said, unless it ended well and said so.</summary>
    public void AssertSucceeded(string lastLine = "ok")
    {
        if (ExitCode != 0 || Output.TrimEnd().Split('\n')[^1] != lastLine)
            Assert.Fail($"Exit code {ExitCode}\n{Output}\n{Errors}");
    }
}
