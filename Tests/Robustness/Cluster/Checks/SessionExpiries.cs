namespace OrleansKeeper.Tests.Robustness.Cluster.Checks;

/// <summary>
/// No session expires before it has been silent for its timeout: the silo has heard of it when it answered, so after the client sent the
/// last request that was answered.
/// </summary>
internal static class SessionExpiries
{
    public static IEnumerable<string> Violations(ClusterRecord run) =>
        from expiry in run.Expiries
        where expiry.Silence < expiry.Timeout
        select $"Expired too early: {expiry}";
}
