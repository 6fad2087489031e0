using OrleansKeeper.ClientSdk.Errors;

namespace OrleansKeeper.ClientSdk.Recipes.Contention;

/// <summary>
/// The contenders below a path, in the order in which they came, of either layout. Children that are no contenders are left out.
/// </summary>
internal sealed class ContenderQueue
{
    private readonly List<QueuedContender> _contenders = [];

    public ContenderQueue(IEnumerable<string> children)
    {
        foreach (var child in children)
        {
            if (ContenderNames.TryParse(child, out var contender))
                _contenders.Add(contender);
        }
        _contenders.Sort(static (left, right) => SequenceNumber.Compare(left.Sequence, right.Sequence));
    }

    /// <summary>Nobody.</summary>
    public static ContenderQueue Empty { get; } = new([]);

    public IReadOnlyList<QueuedContender> Contenders => _contenders;

    /// <summary>Reads the queue; it is empty where there is no such path.</summary>
    public static async Task<ContenderQueue> ReadAsync(IKeeperClient client, string parent, CancellationToken cancellationToken)
    {
        try
        {
            return new ContenderQueue(await client.GetChildrenAsync(parent, cancellationToken).ConfigureAwait(false));
        }
        catch (NoNodeException)
        {
            return Empty;
        }
    }

    /// <summary>The names that begin with this prefix, in order.</summary>
    public List<string> WithPrefix(string prefix) =>
        [.. _contenders.Select(contender => contender.Name).Where(name => name.StartsWith(prefix, StringComparison.Ordinal))];

    public int IndexOf(string name) => _contenders.FindIndex(contender => contender.Name == name);
}
