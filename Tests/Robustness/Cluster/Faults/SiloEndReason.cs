namespace OrleansKeeper.Tests.Robustness.Cluster.Faults;

/// <summary>Why a silo's process ended although nobody had asked for that.</summary>
internal enum SiloEndReason
{
    /// <summary>For no reason that it is meant to end for.</summary>
    Crash,

    /// <summary>Membership had declared the silo dead.</summary>
    DeclaredDead,

    /// <summary>The log did not reach back any more to where its replica was.</summary>
    LeftBehind,
}
