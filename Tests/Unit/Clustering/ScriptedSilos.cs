using System.Collections.Concurrent;
using System.Net;
using OrleansKeeper.GrainInterfaces;
using OrleansKeeper.Grains.Clustering;

namespace OrleansKeeper.Tests.Unit.Clustering;

/// <summary>Silos that answer as the test says.</summary>
internal sealed class ScriptedSilos : ISilos
{
    public SiloAddress Self { get; } = Silo(1);

    public CancellationToken DeclaredDead => CancellationToken.None;

    public List<SiloAddress> Members { get; } = [];

    public IReadOnlyList<SiloAddress> Others => Members;

    /// <summary>What a silo answers to a probe; one that is not in here is gone.</summary>
    public ConcurrentDictionary<SiloAddress, Func<Task<ProbeReply>>> ProbeReplies { get; } = new();

    /// <summary>What a silo answers to the feed; one that is not in here is gone.</summary>
    public ConcurrentDictionary<SiloAddress, Func<FeedMessage, Task<FeedReply>>> FeedReplies { get; } = new();

    /// <summary>What a silo answers to a submission; one that is not in here is gone.</summary>
    public ConcurrentDictionary<SiloAddress, Func<Submission, Task<bool>>> SubmissionReplies { get; } = new();

    /// <summary>What a silo answers when another is to have the sequencer; one that is not in here is gone.</summary>
    public ConcurrentDictionary<SiloAddress, Func<int, SiloAddress, Task<bool>>> HandoverReplies { get; } = new();

    public static SiloAddress Silo(int number) => SiloAddress.New(IPAddress.Loopback, 11110 + number, 1);

    public bool IsAlive(SiloAddress silo) => true;

    public Task<ProbeReply> ProbeAsync(SiloAddress silo) => ProbeReplies.TryGetValue(silo, out var reply) ? reply() : Gone<ProbeReply>(silo);

    public Task<FeedReply> FollowAsync(SiloAddress silo, FeedMessage message) =>
        FeedReplies.TryGetValue(silo, out var reply) ? reply(message) : Gone<FeedReply>(silo);

    public Task<bool> SubmitAsync(SiloAddress silo, int epoch, Submission submission) =>
        SubmissionReplies.TryGetValue(silo, out var reply) ? reply(submission) : Gone<bool>(silo);

    public Task<bool> TakeOverAsync(SiloAddress silo, int epoch) => Gone<bool>(silo);

    public Task<bool> HandOverAsync(SiloAddress silo, int epoch, SiloAddress to) =>
        HandoverReplies.TryGetValue(silo, out var reply) ? reply(epoch, to) : Gone<bool>(silo);

    private static Task<T> Gone<T>(SiloAddress silo) => Task.FromException<T>(new IOException($"Nobody listens at {silo}."));
}
