using OrleansKeeper.Tests.Robustness.Histories;

namespace OrleansKeeper.Tests.Robustness.Load;

internal sealed record PlannedOperation(OperationKind Kind, string Path, string SecondPath, string Data, int ExpectedVersion);
