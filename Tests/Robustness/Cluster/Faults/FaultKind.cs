namespace OrleansKeeper.Tests.Robustness.Cluster.Faults;

internal enum FaultKind
{
    /// <summary>kill -9, and a new start.</summary>
    Kill,

    /// <summary>An end in good order, and a new start.</summary>
    Terminate,

    /// <summary>SIGSTOP, and SIGCONT: the silo knows nothing of it.</summary>
    Pause,

    /// <summary>Connections with the other silos are refused.</summary>
    CutFromSilos,

    /// <summary>Nothing that is said between the silo and the others arrives.</summary>
    StallFromSilos,

    /// <summary>Connections with the database are refused.</summary>
    CutFromDatabase,

    /// <summary>Nothing that is said between the silo and the database arrives.</summary>
    StallFromDatabase,

    /// <summary>Only clients reach the silo.</summary>
    StallFromAll,
}
