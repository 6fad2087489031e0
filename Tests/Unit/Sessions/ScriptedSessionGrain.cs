using OrleansKeeper.GrainInterfaces;
using OrleansKeeper.GrainInterfaces.Attachments;
using OrleansKeeper.GrainInterfaces.Events;

namespace OrleansKeeper.Tests.Unit.Sessions;

/// <summary>A session's grain that hears heartbeats, and answers each when it is told how.</summary>
internal sealed class ScriptedSessionGrain : ISessionGrain
{
    private TaskCompletionSource _answer = new();

    /// <summary>How long ago the client was heard from, by each heartbeat.</summary>
    public List<TimeSpan> Heard { get; } = [];

    public Task Heartbeat(TimeSpan elapsedSince)
    {
        Heard.Add(elapsedSince);
        _answer = new TaskCompletionSource();
        return _answer.Task;
    }

    public void Answer() => _answer.SetResult();

    public void Fail() => _answer.SetException(new TimeoutException());

    public Task Track(SessionDescriptor descriptor) => throw new NotSupportedException();

    public Task Extend() => throw new NotSupportedException();

    public Task Forget() => throw new NotSupportedException();

    public Task<AttachReply> Attach(AttachRequest request) => throw new NotSupportedException();

    public Task<ReplyBatch> Submit(RequestBatch batch) => throw new NotSupportedException();

    public Task<RenewReply> Renew(RenewRequest request) => throw new NotSupportedException();

    public Task<IReadOnlyList<SessionEvents>?> ReadEvents(RenewRequest request) => throw new NotSupportedException();
}
