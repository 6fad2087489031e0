namespace OrleansKeeper.ClientSdk.Recipes.Outcomes;

/// <summary>Waits before trying again: a random part of a time that doubles up to a bound, so that those who collided spread out.</summary>
internal sealed class Backoff
{
    private readonly TimeSpan _first;
    private readonly TimeSpan _longest;
    private readonly TimeProvider _time;
    private TimeSpan _next;

    /// <summary>Waits that begin short.</summary>
    /// <param name="first">The longest first wait.</param>
    /// <param name="longest">The longest wait.</param>
    /// <param name="time">The clock.</param>
    public Backoff(TimeSpan first, TimeSpan longest, TimeProvider time)
    {
        _first = first;
        _longest = longest;
        _time = time;
        _next = first;
    }

    /// <summary>For trying again after a lost connection.</summary>
    public static Backoff ForReconnection(TimeProvider time) => new(TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(1), time);

    /// <summary>Waits.</summary>
    public Task WaitAsync(CancellationToken cancellationToken)
    {
        var wait = _next * Random.Shared.NextDouble();
        _next = _next * 2 < _longest ? _next * 2 : _longest;
        return Task.Delay(wait, _time, cancellationToken);
    }

    /// <summary>Begins again with the first wait: what was tried went well.</summary>
    public void Reset() => _next = _first;
}
