using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace OrleansKeeper.ClientSdk.Servers;

/// <summary>Where a server can be reached: a host and a port. Written <c>10.0.0.1:80</c>, <c>shop.example:80</c> or
/// <c>[::1]:80</c>.</summary>
public sealed record ServerAddress
{
    /// <summary>An address.</summary>
    /// <param name="host">A host name, or an IP address; IPv6 without brackets.</param>
    /// <param name="port">From 1 to 65535.</param>
    /// <exception cref="ArgumentException">The host is neither a name nor an address, or the port is out of range.</exception>
    public ServerAddress(string host, int port)
    {
        if (Uri.CheckHostName(host) == UriHostNameType.Unknown)
            throw new ArgumentException($"\"{host}\" is neither a host name nor an IP address.", nameof(host));
        if (port is < 1 or > IPEndPoint.MaxPort)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{port} is not a port: ports are from 1 to 65535."), nameof(port));
        Host = host;
        Port = port;
    }

    /// <summary>A host name or an IP address; IPv6 without brackets.</summary>
    public string Host { get; }

    /// <summary>The port.</summary>
    public int Port { get; }

    /// <summary>Reads <c>host:port</c>.</summary>
    /// <exception cref="FormatException">The text is not an address.</exception>
    public static ServerAddress Parse(string text) =>
        TryParse(text, out var address)
            ? address
            : throw new FormatException($"\"{text}\" is not an address: host:port was expected, such as 10.0.0.1:80, shop.example:80 or [::1]:80.");

    /// <summary>Reads <c>host:port</c>; false when the text is not an address.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out ServerAddress? address)
    {
        address = null;
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
            return false;

        var host = text[..colon];
        var bracketed = host is ['[', .., ']'];
        if (bracketed)
            host = host[1..^1];
        var kind = Uri.CheckHostName(host.ToString());
        if (kind == UriHostNameType.Unknown || bracketed != (kind == UriHostNameType.IPv6))
            return false;

        address = new ServerAddress(host.ToString(), port);
        return true;
    }

    /// <summary>As the sockets of .NET want it.</summary>
    public EndPoint ToEndPoint() =>
        IPAddress.TryParse(Host, out var address) ? new IPEndPoint(address, Port) : new DnsEndPoint(Host, Port);

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");
}
