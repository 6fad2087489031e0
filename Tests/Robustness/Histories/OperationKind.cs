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
}
