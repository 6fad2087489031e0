using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk;

/// <summary>What kind of znode to create.</summary>
public sealed record CreateOptions
{
    /// <summary>A znode that stays until it is deleted.</summary>
    public static CreateOptions Persistent { get; } = new();

    /// <summary>A znode that goes with the session.</summary>
    public static CreateOptions Ephemeral { get; } = new() { Mode = CreateMode.Ephemeral };

    /// <summary>A znode that stays until it is deleted, with a counter of the parent's appended to its name.</summary>
    public static CreateOptions PersistentSequential { get; } = new() { Mode = CreateMode.PersistentSequential };

    /// <summary>A znode that goes with the session, with a counter of the parent's appended to its name.</summary>
    public static CreateOptions EphemeralSequential { get; } = new() { Mode = CreateMode.EphemeralSequential };

    /// <summary>A znode that the service deletes some time after its last child has gone.</summary>
    public static CreateOptions Container { get; } = new() { Mode = CreateMode.Container };

    /// <summary>How long it stays, and whether its name gets a counter.</summary>
    public CreateMode Mode { get; init; }

    /// <summary>Who may do what with it; everybody everything unless it is set.</summary>
    public IReadOnlyList<Acl> Acl { get; init; } = Acls.OpenUnsafe;

    /// <summary>For the modes with a time to live: how long it stays unchanged and without children. Whole milliseconds, at most about 34 years.</summary>
    public TimeSpan TimeToLive { get; init; }

    /// <summary>Creates the parents that are missing first, as containers, open to everybody.</summary>
    public bool CreateParents { get; init; }
}
