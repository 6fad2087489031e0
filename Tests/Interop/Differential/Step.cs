namespace OrleansKeeper.Tests.Interop.Differential;

/// <summary>
/// What one session does before all sessions are quiet again: it sends requests in one burst, or, with no requests, drops its
/// connection and attaches to its session anew.
/// </summary>
public sealed record Step(int Session, IReadOnlyList<Request> Requests)
{
    public bool IsReattachment => Requests.Count == 0;
}
