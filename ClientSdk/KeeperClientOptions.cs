using System.ComponentModel.DataAnnotations;

namespace OrleansKeeper.ClientSdk;

/// <summary>How a client behaves.</summary>
public sealed class KeeperClientOptions
{
    /// <summary>Where the service is: <c>host:port[,host:port]…[/chroot]</c>, the ports those of the silos' Orleans gateways, 30000 unless
    /// given. Empty when the client uses an Orleans client that the application has anyway.</summary>
    public string Gateways { get; set; } = "";

    /// <summary>The Orleans cluster that the service's silos form, for a client with <see cref="Gateways"/>.</summary>
    [Required]
    public string ClusterId { get; set; } = "default";

    /// <summary>The Orleans service id of the service's silos, for a client with <see cref="Gateways"/>.</summary>
    [Required]
    public string ServiceId { get; set; } = "default";

    /// <summary>The path that the client sees as the root. It is not created.</summary>
    public string Chroot { get; set; } = "/";

    /// <summary>
    /// How long the service is to wait for a sign of life before the session expires. The service bounds it: <see cref="KeeperSession.Timeout"/> is what
    /// it granted.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan SessionTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a request waits for a connection when there is none. It was not sent then, and did not happen. A request that was sent is not timed
    /// out: it is answered, or its attachment is lost.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long disposing waits for the service to close the session; one that is not closed expires.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Requests that may wait to be sent; one more fails.</summary>
    [Range(1, 10_000_000)]
    public int MaxWaitingRequests { get; set; } = 100_000;

    /// <summary>
    /// Events that a persistent watch keeps for its reader. When the reader lets more come together, those behind are dropped, and it gets one event of
    /// type <see cref="Watches.WatchEventType.Missed"/> for them.
    /// </summary>
    [Range(1, 10_000_000)]
    public int MaxEventsPerWatch { get; set; } = 10_000;

    /// <summary>Who the client proves to be, whenever it connects.</summary>
    public IList<KeeperCredential> Credentials { get; } = [];

    /// <exception cref="ValidationException">A value is out of range; the message says which.</exception>
    internal void Check()
    {
        Validator.ValidateObject(this, new ValidationContext(this), validateAllProperties: true);
        ChrootPath.Check(Chroot);
    }
}
