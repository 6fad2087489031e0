using OrleansKeeper.ClientSdk.Servers;

namespace OrleansKeeper.ClientSdk.AspNetCore;

/// <summary>How a web application registers.</summary>
public sealed class WebRegistrationOptions : ServerRegistrationOptions
{
    /// <summary>
    /// The host under which others reach this application; unless it is set, the one that it listens on, and the machine's name when it
    /// listens on all addresses.
    /// </summary>
    public string? AdvertisedHost { get; set; }

    /// <summary>Which of the addresses that the application listens on is registered: the first with this scheme.</summary>
    public string Scheme { get; set; } = Uri.UriSchemeHttp;
}
