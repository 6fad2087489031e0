using System.Text;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Recipes.Contention;

/// <summary>What to contend for, and how.</summary>
/// <param name="Parent">The znode below which the contenders' znodes are.</param>
/// <param name="Kind">What for.</param>
/// <param name="Layout">Whose names to use.</param>
/// <param name="Rule">Whose turn it is.</param>
/// <param name="Data">The data of the contender's znode.</param>
/// <param name="Acl">Its access control list.</param>
internal sealed record ContentionPlace(
    string Parent,
    ContenderKind Kind,
    RecipeLayout Layout,
    ContentionRule Rule,
    ReadOnlyMemory<byte> Data,
    IReadOnlyList<Acl> Acl)
{
    /// <summary>
    /// Whether a contender waits for any change of the queue rather than for one other: whichever of a semaphore's leases ends makes room.
    /// The semaphore lets only one contender wait so.
    /// </summary>
    public bool WatchesQueue => Kind == ContenderKind.Lease;

    /// <summary>How to create a contender's znode.</summary>
    public CreateOptions CreateOptions { get; } = new() { Mode = CreateMode.EphemeralSequential, Acl = Acl, CreateParents = true };

    /// <exception cref="ArgumentException">The path is not one that a znode can have.</exception>
    public static ContentionPlace Create(
        string parent, ContenderKind kind, RecipeLayout layout, ContentionRule rule, ContenderOptions options)
    {
        if (ZNodePath.Validate(parent, sequential: false) is { } complaint)
            throw new ArgumentException($"\"{parent}\" is not a path of a znode. {complaint}", nameof(parent));

        return new ContentionPlace(parent, kind, layout, rule, Encoding.UTF8.GetBytes(options.Identity), options.Acl);
    }

    public string CreatePrefix() => ContenderNames.CreatePrefix(Kind, Layout);

    public string PathOf(string name) => ZNodePath.Append(Parent, name);
}
