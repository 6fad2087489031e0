using System.Globalization;

namespace OrleansKeeper.Benchmarks.Load;

/// <summary>What the requests of a load are.</summary>
internal sealed record Workload(string Name, WorkloadKind Kind, int ReadPercent = 100)
{
    private const string MixPrefix = "mix";

    /// <summary>All workloads, with two of the mixes.</summary>
    public static string[] AllNames { get; } =
        ["get", "exists", "ls", "mix90", "mix50", "set", "create", "delete", "seq", "eph", "cdel"];

    public static Workload Parse(string name) => name switch
    {
        "get" => new(name, WorkloadKind.GetData),
        "exists" => new(name, WorkloadKind.Exists),
        "ls" => new(name, WorkloadKind.GetChildren),
        "set" => new(name, WorkloadKind.SetData),
        "create" => new(name, WorkloadKind.Create),
        "delete" => new(name, WorkloadKind.Delete),
        "seq" => new(name, WorkloadKind.CreateSequential),
        "eph" => new(name, WorkloadKind.CreateEphemeral),
        "cdel" => new(name, WorkloadKind.CreateAndDelete),
        _ when name.StartsWith(MixPrefix, StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(MixPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var percent)
            && percent <= 100 => new(name, WorkloadKind.Mix, percent),
        _ => throw new FormatException($"'{name}' is no workload: expected one of {string.Join(", ", AllNames)}, any mixNN, or all."),
    };
}
