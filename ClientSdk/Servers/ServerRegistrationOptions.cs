namespace OrleansKeeper.ClientSdk.Servers;

/// <summary>How an application registers as a server.</summary>
public class ServerRegistrationOptions
{
    /// <summary>The services' parent.</summary>
    public string Root { get; set; } = ServerPaths.DefaultRoot;

    /// <summary>Further facts for those who choose a server, by name: <c>zone</c> is <c>eu-1</c>.</summary>
    public IDictionary<string, string> Metadata { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// How long the application goes on serving after it has withdrawn at a stop, for requests of those who have not heard of it yet.
    /// </summary>
    public TimeSpan DrainTime { get; set; } = TimeSpan.FromSeconds(1);
}
