using System.Globalization;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Recipes;

/// <summary>What a contender's znode carries.</summary>
public record ContenderOptions
{
    /// <summary>
    /// Who this is, for whoever lists the contenders: the znode's data, in UTF-8, as kazoo's identifier and Curator's participant id. This
    /// machine and process unless it is set.
    /// </summary>
    public string Identity { get; init; } =
        string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}-{Environment.ProcessId}");

    /// <summary>
    /// Who may do what with the znode; everybody everything unless it is set. Contenders must be able to read one another's znodes, in
    /// order to wait for them.
    /// </summary>
    public IReadOnlyList<Acl> Acl { get; init; } = Acls.OpenUnsafe;
}
