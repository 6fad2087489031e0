using System.ComponentModel.DataAnnotations;

namespace OrleansKeeper.Grains;

/// <summary>
/// The settings of the service: section <c>Keeper</c> of the configuration, each also as <c>--Keeper:Name=value</c> or as environment
/// variable <c>Keeper__Name</c>. A value out of range, or a key that is not here, stops the start.
/// </summary>
public sealed class KeeperOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Keeper";

    /// <summary>TCP port for ZooKeeper clients.</summary>
    [Range(1, 65535)]
    public int ClientPort { get; set; } = 2181;

    /// <summary>Address that ZooKeeper clients connect to; <c>0.0.0.0</c> or <c>::</c> for all of the machine's.</summary>
    [Required]
    public string ClientAddress { get; set; } = "127.0.0.1";

    /// <summary>
    /// Where the log, the tables and Orleans' storage are. With <see cref="KeeperStorage.PostgreSql"/> the connection string is
    /// <c>ConnectionStrings:Keeper</c>.
    /// </summary>
    public KeeperStorage Storage { get; set; }

    /// <summary>The schema of the PostgreSQL database that holds everything; created when it is missing.</summary>
    [Required]
    public string DatabaseSchema { get; set; } = "keeper";

    /// <summary>How long writes, syncs and reads of what is not in memory wait for PostgreSQL while it is away, in milliseconds, before they fail.</summary>
    [Range(1000, 10 * 60 * 1000)]
    public int DatabaseTimeout { get; set; } = 10_000;

    /// <summary>Folder for SQLite's files. One process at a time may use it.</summary>
    [Required]
    public string DataDirectory { get; set; } = "./data";

    /// <summary>TCP port, on the loopback address, for health checks over HTTP.</summary>
    [Range(1, 65535)]
    public int AdminPort { get; set; } = 8080;

    /// <summary>The unit of session timeouts, in milliseconds: sessions expire at multiples of it.</summary>
    [Range(10, 60_000)]
    public int TickTime { get; set; } = 2000;

    /// <summary>The shortest session timeout that a client gets, in milliseconds; 0 for twice the tick time.</summary>
    [Range(0, int.MaxValue)]
    public int MinSessionTimeout { get; set; }

    /// <summary>The longest session timeout that a client gets, in milliseconds; 0 for twenty times the tick time.</summary>
    [Range(0, int.MaxValue)]
    public int MaxSessionTimeout { get; set; }

    /// <summary>Largest request frame in bytes (ZooKeeper's <c>jute.maxbuffer</c>): it bounds a znode's data too.</summary>
    [Range(1024, 64 * 1024 * 1024)]
    public int MaxRequestBytes { get; set; } = 1_048_575;

    /// <summary>Connections from one address; 0 for no limit. One more is accepted and closed.</summary>
    [Range(0, int.MaxValue)]
    public int MaxClientConnections { get; set; } = 60;

    /// <summary>Connections in all; 0 for no limit.</summary>
    [Range(0, int.MaxValue)]
    public int MaxConnections { get; set; }

    /// <summary>Requests of one connection that wait for their answer; beyond it nothing is read from the connection.</summary>
    [Range(1, 1_000_000)]
    public int MaxOutstandingRequestsPerConnection { get; set; } = 1000;

    /// <summary>Write requests of all connections that are not decided; beyond it nothing is read from connections that have some.</summary>
    [Range(1, 10_000_000)]
    public int MaxOutstandingRequests { get; set; } = 20_000;

    /// <summary>
    /// Bytes that wait for one client to take them. Beyond it nothing is read from the connection; beyond twice as much, which only
    /// events can make, the connection is closed, and the client learns what it missed when it comes back.
    /// </summary>
    [Range(64 * 1024, int.MaxValue)]
    public int MaxQueuedBytesPerConnection { get; set; } = 4 * 1024 * 1024;

    /// <summary>Watches of all clients. A request to set one more is answered with ThrottledOp.</summary>
    [Range(0, long.MaxValue)]
    public long MaxWatches { get; set; } = 10_000_000;

    /// <summary>
    /// Digest of the super user, who may do everything: <c>super:</c> and the base64 of the SHA-1 of <c>super:password</c>.
    /// Empty for none.
    /// </summary>
    public string SuperDigest { get; set; } = "";

    /// <summary>Bytes of memory for znodes that are also in the store. What changed since the last checkpoint comes on top.</summary>
    [Range(1024 * 1024, long.MaxValue)]
    public long CacheBytes { get; set; } = 128L * 1024 * 1024;

    /// <summary>Longest time between two checkpoints while there are changes, in milliseconds.</summary>
    [Range(100, 24 * 60 * 60 * 1000)]
    public int CheckpointInterval { get; set; } = 30_000;

    /// <summary>Number of transactions after which a checkpoint begins, whatever the interval. Bounds how much a restart has to replay.</summary>
    [Range(1, 100_000_000)]
    public int CheckpointTransactions { get; set; } = 100_000;

    /// <summary>
    /// Bytes of changes after which a checkpoint begins, whatever the interval. At four times as much, writes wait for the checkpoint,
    /// and fail while checkpoints fail: memory is bounded.
    /// </summary>
    [Range(1024 * 1024, long.MaxValue)]
    public long CheckpointBytes { get; set; } = 64L * 1024 * 1024;

    /// <summary>Number of transactions that stay in the log behind the last checkpoint, as history.</summary>
    [Range(0, long.MaxValue)]
    public long LogRetention { get; set; } = 100_000;

    /// <summary>
    /// How long a silo of a cluster serves clients without hearing of the sequencer, in milliseconds. Then it closes their connections, since it
    /// could only show what was, and they find another silo. Longer than another silo needs to take over from a sequencer that hangs, which is
    /// one to two seconds.
    /// </summary>
    [Range(1000, 10 * 60 * 1000)]
    public int FeedLease { get; set; } = 5000;

    /// <summary>
    /// The sequencer moves to another silo of a cluster when two thirds of all writes have come to that one for so many milliseconds. 0: only when
    /// its silo ends.
    /// </summary>
    [Range(0, 24 * 60 * 60 * 1000)]
    public int SequencerMovesAfter { get; set; } = 10_000;

    /// <summary>How often unused container and TTL znodes are looked for, in milliseconds.</summary>
    [Range(100, 24 * 60 * 60 * 1000)]
    public int ContainerCheckInterval { get; set; } = 60_000;

    /// <summary>How many unused container and TTL znodes are removed in a minute, at most.</summary>
    [Range(1, int.MaxValue)]
    public int ContainersPerMinute { get; set; } = 10_000;

    /// <summary>The shortest session timeout, in milliseconds, whether it was set or follows from the tick time.</summary>
    public int EffectiveMinSessionTimeout => MinSessionTimeout == 0 ? 2 * TickTime : MinSessionTimeout;

    /// <summary>The longest session timeout, in milliseconds, whether it was set or follows from the tick time.</summary>
    public int EffectiveMaxSessionTimeout => MaxSessionTimeout == 0 ? 20 * TickTime : MaxSessionTimeout;
}
