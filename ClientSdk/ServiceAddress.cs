using System.Globalization;
using System.Net;
using System.Net.Sockets;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk;

/// <summary>Where the service is: <c>host:port[,host:port]…[/chroot]</c>.</summary>
/// <param name="Gateways">The hosts and ports of the silos' gateways.</param>
/// <param name="Chroot">The path to see as the root; null when none is given.</param>
internal sealed record ServiceAddress(IReadOnlyList<DnsEndPoint> Gateways, string? Chroot)
{
    private const int DefaultPort = 30000;

    /// <exception cref="ArgumentException">It is not such an address; the message says what is wrong.</exception>
    public static ServiceAddress Parse(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        var slash = text.IndexOf(ZNodePath.Separator, StringComparison.Ordinal);
        var hosts = slash < 0 ? text : text[..slash];
        var chroot = slash < 0 ? null : ChrootPath.Check(text[slash..]);
        return new ServiceAddress([.. hosts.Split(',', StringSplitOptions.TrimEntries).Select(ParseGateway)], chroot);
    }

    /// <summary>The gateways' addresses, with names resolved.</summary>
    /// <exception cref="SocketException">A name has no address.</exception>
    public IPEndPoint[] Resolve() => [.. Gateways.SelectMany(Resolve)];

    private static IEnumerable<IPEndPoint> Resolve(DnsEndPoint gateway)
    {
        // A silo listens on one address; of a name such as localhost that is the one of version 4, unless there is none.
        var addresses = Dns.GetHostAddresses(gateway.Host);
        var ofVersion4 = addresses.Where(address => address.AddressFamily == AddressFamily.InterNetwork).ToArray();
        return (ofVersion4.Length > 0 ? ofVersion4 : addresses).Select(address => new IPEndPoint(address, gateway.Port));
    }

    private static DnsEndPoint ParseGateway(string gateway)
    {
        // Of a version 6 address only the brackets tell its colons from the port's.
        var end = gateway.LastIndexOf(']');
        var colon = gateway.IndexOf(':', Math.Max(end, 0));
        var host = (colon < 0 ? gateway : gateway[..colon]).Trim('[', ']');
        var port = DefaultPort;
        var isPort = colon < 0
            || (int.TryParse(gateway.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= IPEndPoint.MaxPort);
        return host.Length > 0 && isPort
            ? new DnsEndPoint(host, port)
            : throw new ArgumentException($"\"{gateway}\" is not the address of a gateway: expected host or host:port.", nameof(gateway));
    }
}
