namespace OrleansKeeper.ClientSdk.Configuration;

/// <summary>The configuration could not be read when the application started.</summary>
/// <param name="path">The znode below which it is.</param>
/// <param name="reason">Why, as a sentence.</param>
/// <param name="innerException">What made it fail.</param>
public sealed class KeeperConfigurationException(string path, string reason, Exception? innerException = null)
    : Exception($"The configuration below {path} could not be read. {reason}", innerException)
{
    /// <summary>The znode below which it is.</summary>
    public string Path { get; } = path;
}
