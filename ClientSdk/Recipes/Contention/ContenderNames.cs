namespace OrleansKeeper.ClientSdk.Recipes.Contention;

/// <summary>
/// The names that contenders give their znodes: something unique, then what they contend for, then the counter that the service appends.
/// The unique part lets a contender find its znode when it did not hear the create's answer (Curator calls that protection).
/// </summary>
internal static class ContenderNames
{
    private static readonly string[] ExclusiveMarks = ["__lock__", "lock-", "__WRIT__", "latch-", "lease-"];
    private static readonly string[] SharedMarks = ["__rlock__", "__READ__"];

    /// <summary>A name that nobody else has, up to the counter.</summary>
    public static string CreatePrefix(ContenderKind kind, RecipeLayout layout) => layout switch
    {
        RecipeLayout.Kazoo => $"{Guid.NewGuid():n}{KazooMark(kind)}",
        RecipeLayout.Curator => $"_c_{Guid.NewGuid():d}-{CuratorMark(kind)}",
        _ => throw new ArgumentOutOfRangeException(nameof(layout), layout, "There is no such layout."),
    };

    /// <summary>Reads a child's name; false if it is not a contender's.</summary>
    public static bool TryParse(string name, out QueuedContender contender) =>
        TryParse(name, ExclusiveMarks, isShared: false, out contender) || TryParse(name, SharedMarks, isShared: true, out contender);

    private static bool TryParse(string name, string[] marks, bool isShared, out QueuedContender contender)
    {
        foreach (var mark in marks)
        {
            if (name.LastIndexOf(mark, StringComparison.Ordinal) is var at and >= 0
                && SequenceNumber.TryParse(name.AsSpan(at + mark.Length), out var sequence))
            {
                contender = new QueuedContender(name, sequence, isShared);
                return true;
            }
        }

        contender = default;
        return false;
    }

    private static string KazooMark(ContenderKind kind) => kind == ContenderKind.Reader ? "__rlock__" : "__lock__";

    private static string CuratorMark(ContenderKind kind) => kind switch
    {
        ContenderKind.Writer => "__WRIT__",
        ContenderKind.Reader => "__READ__",
        ContenderKind.Leader => "latch-",
        ContenderKind.Lease => "lease-",
        _ => "lock-",
    };
}
