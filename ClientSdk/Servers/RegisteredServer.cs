namespace OrleansKeeper.ClientSdk.Servers;

/// <summary>A server that is online.</summary>
/// <param name="name">See <see cref="Name"/>.</param>
/// <param name="description">What it says of itself.</param>
/// <param name="zxid">See <see cref="Zxid"/>.</param>
public sealed class RegisteredServer(string name, ServerDescription description, long zxid)
{
    /// <summary>Its znode's name, with the counter: <c>server-0000000002</c>. A server that comes back has another one.</summary>
    public string Name { get; } = name;

    /// <summary>Where it can be reached.</summary>
    public ServerAddress Address => description.Address;

    /// <summary>Further facts that it tells, by name.</summary>
    public IReadOnlyDictionary<string, string> Metadata => description.Metadata;

    /// <summary>The transaction that last changed what it says of itself.</summary>
    public long Zxid { get; } = zxid;

    /// <inheritdoc/>
    public override string ToString() => $"{Name} at {Address}";
}
