using System.Globalization;

namespace OrleansKeeper.Tests.Robustness;

/// <summary>What a run may set from outside: longer runs, and the seed of a run that failed.</summary>
internal static class EnvironmentSettings
{
    public const string Seed = "KEEPER_ROBUSTNESS_SEED";

    /// <summary>How long the server is killed again and again.</summary>
    public const string CrashSeconds = "KEEPER_ROBUSTNESS_SECONDS";

    /// <summary>How long a cluster is loaded while faults befall it, for each kind of fault.</summary>
    public const string ClusterSeconds = "KEEPER_CLUSTER_SECONDS";

    /// <summary>How many silos a cluster has.</summary>
    public const string ClusterSilos = "KEEPER_CLUSTER_SILOS";

    public const string FuzzSeconds = "KEEPER_FUZZ_SECONDS";

    public static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;

    public static TimeSpan Seconds(string variable, int otherwise) => TimeSpan.FromSeconds(Number(variable) ?? otherwise);
}
