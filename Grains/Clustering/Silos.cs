using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime.Services;
using OrleansKeeper.GrainInterfaces;

namespace OrleansKeeper.Grains.Clustering;

/// <summary>The silos that Orleans' membership knows, and the way to their <see cref="SiloService"/>.</summary>
internal sealed class Silos : GrainServiceClient<ISiloService>, ISilos, ISiloStatusListener
{
    private readonly ISiloStatusOracle _statuses;
    private readonly CancellationTokenSource _declaredDead = new();

    public Silos(IServiceProvider services) : base(services)
    {
        _statuses = services.GetRequiredService<ISiloStatusOracle>();
        _statuses.SubscribeToSiloStatusEvents(this);
    }

    public SiloAddress Self => _statuses.SiloAddress;

    public CancellationToken DeclaredDead => _declaredDead.Token;

    public IReadOnlyList<SiloAddress> Others
    {
        get
        {
            var others = new List<SiloAddress>();
            foreach (var (silo, status) in _statuses.GetApproximateSiloStatuses())
            {
                if (status is SiloStatus.Active or SiloStatus.Joining && !silo.Equals(Self))
                    others.Add(silo);
            }

            return others;
        }
    }

    public bool IsAlive(SiloAddress silo) =>
        _statuses.GetApproximateSiloStatuses().TryGetValue(silo, out var status) && status is not (SiloStatus.Dead or SiloStatus.None);

    /// <summary>Membership has changed. A silo is also dead when its row was taken away, of which no status tells.</summary>
    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        // Not here: Orleans' other listeners wait.
        if (_statuses.CurrentStatus == SiloStatus.Dead)
            _declaredDead.CancelAsync().Ignore();
    }

    public Task<ProbeReply> ProbeAsync(SiloAddress silo) => GetGrainService(silo).Probe(Self);

    public Task<bool> SubmitAsync(SiloAddress silo, int epoch, Submission submission) => GetGrainService(silo).Submit(epoch, submission);

    public Task<FeedReply> FollowAsync(SiloAddress silo, FeedMessage message) => GetGrainService(silo).Follow(message);

    public Task<bool> TakeOverAsync(SiloAddress silo, int epoch) => GetGrainService(silo).TakeOver(epoch);

    public Task<bool> HandOverAsync(SiloAddress silo, int epoch, SiloAddress to) => GetGrainService(silo).HandOver(epoch, to);
}
