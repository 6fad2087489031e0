using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using OrleansKeeper.ClientSdk.Servers;

namespace OrleansKeeper.ClientSdk.AspNetCore;

/// <summary>Finds out where a web application that has started can be reached.</summary>
internal static class ListeningAddress
{
    /// <exception cref="InvalidOperationException">It does not listen on an address with the scheme.</exception>
    public static ServerAddress Of(IServer server, WebRegistrationOptions options)
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var address = addresses
            .Select(BindingAddress.Parse)
            .FirstOrDefault(candidate => candidate.Scheme.Equals(options.Scheme, StringComparison.OrdinalIgnoreCase));
        if (address is null)
        {
            throw new InvalidOperationException(
                $"The application listens on no {options.Scheme} address that could be registered, only on: {string.Join(", ", addresses)}.");
        }
        return new ServerAddress(options.AdvertisedHost ?? HostOf(address), address.Port);
    }

    private static string HostOf(BindingAddress address)
    {
        var host = address.Host.Trim('[', ']');
        var isEverywhere = host is "*" or "+" || (IPAddress.TryParse(host, out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)));
        return isEverywhere ? Dns.GetHostName() : host;
    }
}
