using OrleansKeeper.Protocol;

namespace OrleansKeeper.Tests.Robustness.Histories;

/// <summary>A znode as it was read after the run.</summary>
internal sealed record TreeNode(string Data, Stat Stat);
