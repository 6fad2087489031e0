using Microsoft.Extensions.Logging;
using OrleansKeeper.GrainInterfaces;
using OrleansKeeper.Grains.Sessions;

namespace OrleansKeeper.Grains.Clustering;

/// <inheritdoc cref="ISiloService"/>
internal sealed class SiloService(
    GrainId grainId,
    Silo silo,
    ILoggerFactory loggerFactory,
    IGrainFactory grains,
    FeedReceiver receiver,
    SequencerWatch watch,
    ClientSessionTable sessions) : GrainService(grainId, silo, loggerFactory), ISiloService
{
    private const long Sequencer = 0;

    public Task<ProbeReply> Probe(SiloAddress asker) => Task.FromResult(watch.AnswerProbe(asker));

    public Task<bool> Submit(int epoch, Submission submission) => grains.GetGrain<ISequencerGrain>(Sequencer).Submit(epoch, submission);

    public Task<FeedReply> Follow(FeedMessage message) => receiver.ReceiveAsync(message);

    public Task<bool> TakeOver(int epoch) => watch.TryTakeOverAsync(epoch);

    public Task CloseConnection(long sessionId, long connectionId)
    {
        sessions.CloseConnectionOf(sessionId, connectionId);
        return Task.CompletedTask;
    }
}
