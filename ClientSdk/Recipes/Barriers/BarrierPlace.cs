using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Recipes.Barriers;

/// <summary>Where a double barrier's znodes are, and what they carry.</summary>
/// <param name="Path">The barrier's path.</param>
/// <param name="MemberCount">How many must have entered for all to go on.</param>
/// <param name="Data">The data of a member's znode.</param>
/// <param name="Acl">The access control list of a member's znode.</param>
internal sealed record BarrierPlace(string Path, int MemberCount, ReadOnlyMemory<byte> Data, IReadOnlyList<Acl> Acl)
{
    private const string ReadyName = "ready";

    /// <summary>The znode whose creation lets the members go on.</summary>
    public string ReadyPath { get; } = ZNodePath.Append(Path, ReadyName);

    public string PathOf(string member) => ZNodePath.Append(Path, member);

    /// <summary>The members' names, in the order of their names.</summary>
    public async Task<List<string>> ReadMembersAsync(IKeeperClient client, CancellationToken cancellationToken)
    {
        try
        {
            var children = await client.GetChildrenAsync(Path, cancellationToken).ConfigureAwait(false);
            return [.. children.Where(name => name != ReadyName).Order(StringComparer.Ordinal)];
        }
        catch (NoNodeException)
        {
            return [];
        }
    }
}
