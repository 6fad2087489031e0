using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk;

/// <summary>A znode's access control list.</summary>
/// <param name="Entries">Who may do what.</param>
/// <param name="Stat">The znode's Stat; <see cref="Stat.Aversion"/> is the list's version.</param>
public sealed record ZNodeAcl(IReadOnlyList<Acl> Entries, Stat Stat);
