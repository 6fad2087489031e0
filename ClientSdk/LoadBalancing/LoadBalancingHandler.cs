using OrleansKeeper.ClientSdk.Servers;

namespace OrleansKeeper.ClientSdk.LoadBalancing;

/// <summary>
/// Sends each request of an <see cref="HttpClient"/> to one of the servers of the service that its host names: <c>http://orders/…</c>. When
/// no connection can be made, so that nothing was sent, another server is tried; any other failure is the caller's to judge.
/// </summary>
/// <param name="balancers">Where the services' servers are known.</param>
public sealed class LoadBalancingHandler(LoadBalancers balancers) : DelegatingHandler
{
    private const int MostAttempts = 3;

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var named = request.RequestUri ?? throw new InvalidOperationException("The request has no address.");
        var balancer = await balancers.GetAsync(named.Host, cancellationToken).ConfigureAwait(false);
        List<RegisteredServer>? tried = null;
        try
        {
            while (true)
            {
                using var chosen = balancer.Select(tried);
                request.RequestUri = AddressedTo(named, chosen.Server.Address);
                try
                {
                    return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
                }
                catch (HttpRequestException exception)
                    when (WasNotSent(exception) && (tried?.Count ?? 0) + 1 < Math.Min(MostAttempts, balancer.Servers.Count))
                {
                    (tried ??= []).Add(chosen.Server);
                }
            }
        }
        finally
        {
            request.RequestUri = named;
        }
    }

    private static bool WasNotSent(HttpRequestException exception) =>
        exception.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError;

    private static Uri AddressedTo(Uri named, ServerAddress address) =>
        new UriBuilder(named) { Host = address.Host, Port = address.Port }.Uri;
}
