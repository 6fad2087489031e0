namespace OrleansKeeper.Tests.Robustness.Linearizability;

/// <summary>
/// A znode whose data is set, compared and set, and read. A write whose answer is not known is tried only where nothing that anybody saw
/// speaks against it: at the version that was seen with its value or, if nobody saw the value, at one that nobody saw. All those
/// that nobody saw are alike, so one of them is as good as any.
/// </summary>
/// <param name="seen">Which value each version had, as far as anybody was told.</param>
internal sealed class RegisterModel(IReadOnlyDictionary<int, string> seen) : ISequentialModel<RegisterState, RegisterCall>
{
    private readonly Dictionary<string, int> _versions = Invert(seen);

    public RegisterState Initial => new("", 0);

    public RegisterState? Apply(RegisterState state, RegisterCall call)
    {
        if (!call.IsWrite)
            return call.Value == state.Value && call.Version == state.Version ? state : null;

        var isExpected = call.ExpectedVersion < 0 || call.ExpectedVersion == state.Version;
        if (!call.IsKnown)
            return isExpected && MayBe(state.Version + 1, call.Value) ? new RegisterState(SeenValue(call), state.Version + 1) : null;
        if (call.Version is not { } version)
            return isExpected ? null : state;
        return isExpected && version == state.Version + 1 ? new RegisterState(call.Value, version) : null;
    }

    public bool IsInterchangeable(RegisterCall call) => !call.IsKnown && call.ExpectedVersion < 0 && !_versions.ContainsKey(call.Value);

    private static Dictionary<string, int> Invert(IReadOnlyDictionary<int, string> seen)
    {
        var versions = new Dictionary<string, int>();
        foreach (var (version, value) in seen)
            versions.TryAdd(value, version);
        return versions;
    }

    private string? SeenValue(RegisterCall call) => _versions.ContainsKey(call.Value) ? call.Value : null;

    private bool MayBe(int version, string value) =>
        _versions.TryGetValue(value, out var seenAt) ? seenAt == version : !seen.ContainsKey(version);
}
