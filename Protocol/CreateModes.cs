namespace OrleansKeeper.Protocol;

/// <summary>What the kinds of node have in common.</summary>
public static class CreateModes
{
    /// <summary>Whether the flags of a create request are a kind of node.</summary>
    public static bool IsDefined(int flags) => flags is >= (int)CreateMode.Persistent and <= (int)CreateMode.PersistentSequentialWithTtl;

    /// <summary>Whether a counter of the parent is appended to the name.</summary>
    public static bool IsSequential(this CreateMode mode) =>
        mode is CreateMode.PersistentSequential or CreateMode.EphemeralSequential or CreateMode.PersistentSequentialWithTtl;

    /// <summary>Whether the node is deleted with its session.</summary>
    public static bool IsEphemeral(this CreateMode mode) => mode is CreateMode.Ephemeral or CreateMode.EphemeralSequential;

    /// <summary>Whether the node is a container.</summary>
    public static bool IsContainer(this CreateMode mode) => mode is CreateMode.Container;

    /// <summary>Whether the node has a time to live.</summary>
    public static bool IsTtl(this CreateMode mode) => mode is CreateMode.PersistentWithTtl or CreateMode.PersistentSequentialWithTtl;
}
