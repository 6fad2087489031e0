using OrleansKeeper.Grains.Transactions;
using OrleansKeeper.Grains.Watches;

namespace OrleansKeeper.Grains.Sequencing;

/// <summary>
/// The write requests of this silo whose outcome is not known yet (rule R9): what is decided about them comes back in the commit feed.
/// </summary>
internal sealed class UndecidedRequests
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, PendingRequest> _byNumber = [];
    private long _lastNumber;

    /// <summary>This silo's name for this life of it: no two lives share one.</summary>
    public string Submitter { get; } = Guid.NewGuid().ToString("N");

    /// <summary>The number of the request that came last: so many came to this silo since it started.</summary>
    public long LastNumber => Volatile.Read(ref _lastNumber);

    public int Count => _byNumber.Count;

    /// <summary>Gives a request its number.</summary>
    public void Add(PendingRequest request)
    {
        lock (_lock)
        {
            request.Number = ++_lastNumber;
            _byNumber.Add(request.Number, request);
        }
    }

    /// <summary>A transaction was applied: tells the owner if the request was this silo's.</summary>
    public void Decide(Transaction transaction, DeliveryRound round)
    {
        if (Take(transaction.Origin) is not { } request)
            return;

        request.Decision = transaction;
        request.Owner.Decided(request, round);
    }

    /// <summary>A request did not become a transaction: tells the owner if it was this silo's.</summary>
    public void Reject(RequestOrigin origin, ErrorCode error, DeliveryRound round)
    {
        if (Take(origin) is not { } request)
            return;

        request.Rejection = error;
        request.Owner.Decided(request, round);
    }

    /// <summary>Nothing more is decided here: tells all owners that nobody knows what becomes of their requests.</summary>
    public void Abandon()
    {
        long[] numbers;
        lock (_lock)
            numbers = [.. _byNumber.Keys];

        var round = new DeliveryRound();
        foreach (var number in numbers)
            Reject(new RequestOrigin(Submitter, number), ErrorCode.ConnectionLoss, round);
        round.Flush();
    }

    /// <summary>
    /// All requests in the order of their numbers, to be submitted to another sequencer; those that nobody waits for any more are given up.
    /// </summary>
    /// <param name="givenUp">Gets the latter. Their owners are to be told.</param>
    public List<PendingRequest> Collect(List<PendingRequest> givenUp)
    {
        lock (_lock)
        {
            foreach (var (number, request) in _byNumber)
            {
                if (request.Owner.IsGone && _byNumber.Remove(number))
                    givenUp.Add(request);
            }

            return [.. _byNumber.Values.OrderBy(request => request.Number)];
        }
    }

    private PendingRequest? Take(RequestOrigin origin)
    {
        if (origin.Submitter != Submitter)
            return null;

        lock (_lock)
            return _byNumber.Remove(origin.Number, out var request) ? request : null;
    }
}
