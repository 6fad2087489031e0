namespace OrleansKeeper.Tests.Interop.Differential;

/// <summary>
/// One request of a script: its name, its arguments as text, and the operations inside if it is a multi. An argument that is
/// not there is null on the wire.
/// </summary>
public sealed record Request(string Name, IReadOnlyDictionary<string, string> Arguments, IReadOnlyList<Request> Parts)
{
    public string? this[string argument] => Arguments.GetValueOrDefault(argument);

    /// <summary>The server hangs up after the reply.</summary>
    public bool EndsConnection => Name is "closeSession" or "unknown" || (Name == "auth" && this["scheme"] != "digest");

    public static Request Of(string name, params ReadOnlySpan<(string Name, string? Value)> arguments)
    {
        var present = new Dictionary<string, string>();
        foreach (var (argument, value) in arguments)
        {
            if (value is not null)
                present[argument] = value;
        }
        return new Request(name, present, []);
    }
}
