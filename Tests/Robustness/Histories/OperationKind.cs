namespace OrleansKeeper.Tests.Robustness.Histories;

internal enum OperationKind
{
    Create,
    CreateEphemeral,
    CreateSequential,
    SetData,
    GetData,
    Delete,

    /// <summary>Creates <see cref="Operation.Path"/> and <see cref="Operation.SecondPath"/> together.</summary>
    CreateBoth,

    /// <summary>
    /// Creates <see cref="Operation.Path"/>, then checks <see cref="Operation.SecondPath"/>, which does not exist: must not leave anything.
    /// </summary>
    CreateAndFail,
    CloseSession,

    /// <summary>Sets <see cref="Operation.Path"/> and <see cref="Operation.SecondPath"/> together, to the same data.</summary>
    SetBoth,

    /// <summary>A read that also sets a watch which fires once.</summary>
    GetDataAndWatch,

    /// <summary>A sync and a read right behind it, as one: it began with the sync.</summary>
    SyncAndGetData,
    GetChildren,

    /// <summary>Sets a persistent recursive watch.</summary>
    AddWatch,

    /// <summary>Sets the watches of the connection before again.</summary>
    SetWatches,
}
