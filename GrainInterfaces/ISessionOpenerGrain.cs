using OrleansKeeper.GrainInterfaces.Attachments;

namespace OrleansKeeper.GrainInterfaces;

/// <summary>Opens sessions for .NET clients, on whichever silo their call arrives. Any key will do.</summary>
[Alias("OrleansKeeper.ISessionOpenerGrain")]
public interface ISessionOpenerGrain : IGrainWithIntegerKey
{
    /// <summary>Opens a session, which is in the log when this returns, and attaches the caller to it.</summary>
    /// <param name="request">What to attach with; its password is not looked at.</param>
    [Alias("Open")]
    Task<OpenedSession> Open(AttachRequest request);
}
