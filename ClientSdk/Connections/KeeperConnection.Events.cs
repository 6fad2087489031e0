using Microsoft.Extensions.Logging;
using OrleansKeeper.GrainInterfaces.Attachments;
using OrleansKeeper.GrainInterfaces.Events;

namespace OrleansKeeper.ClientSdk.Connections;

/// <content>The way of events, on the stream or in answer to a question.</content>
internal sealed partial class KeeperConnection
{
    /// <summary>Events came on the stream.</summary>
    public void Streamed(SessionEvents events)
    {
        lock (_lock)
        {
            Show(events);
            if (_attachment is { } attachment && _events.HasGap)
                AskForEventsLater(attachment, _events.Shown + 1);
        }
    }

    private void Show(SessionEvents events)
    {
        _events.Add(events);
        if (_attachment is not { } attachment)
            return;

        Complete(attachment);
        if (_events.Shown - _acknowledgedEvents >= MostEventsUnacknowledged)
        {
            _acknowledgedEvents = _events.Shown;
            _keeper.RenewSoon();
        }
    }

    /// <summary>Asks the session's grain for events that do not come on the stream within a few milliseconds.</summary>
    private void AskForEventsLater(LiveAttachment attachment, long awaited)
    {
        _awaitedEvent = Math.Max(_awaitedEvent, awaited);
        if (_asked == attachment)
            return;

        _asked = attachment;
        _ = AskForEventsAsync(attachment);
    }

    private async Task AskForEventsAsync(LiveAttachment attachment)
    {
        do
        {
            await Task.Delay(PatienceForEvents, _time).ConfigureAwait(false);
        }
        while (WhatIsMissing(attachment) is { } request && await TryAskAsync(attachment, request).ConfigureAwait(false));
    }

    /// <summary>What to ask for; null when everything came meanwhile.</summary>
    private RenewRequest? WhatIsMissing(LiveAttachment attachment)
    {
        lock (_lock)
        {
            if (_attachment == attachment && _events.Shown < _awaitedEvent)
                return new RenewRequest(attachment.Id, _requests.Acknowledged, _events.Shown);

            StopAsking(attachment);
            return null;
        }
    }

    private async Task<bool> TryAskAsync(LiveAttachment attachment, RenewRequest request)
    {
        try
        {
            var missing = await attachment.Session.ReadEvents(request).WaitAsync(attachment.Timeout / 3, _time).ConfigureAwait(false);
            if (missing is not null)
            {
                LogAsked(request.AcknowledgedEvents + 1, attachment.SessionId);
                lock (_lock)
                {
                    foreach (var events in missing)
                        Show(events);
                }

                SendSoon();
                return true;
            }

            _keeper.Lost(attachment);
        }
        catch (Exception exception)
        {
            _keeper.Suspect(attachment, exception);
        }

        lock (_lock)
            StopAsking(attachment);
        return false;
    }

    private void StopAsking(LiveAttachment attachment)
    {
        if (_asked == attachment)
            _asked = null;
    }

    [LoggerMessage(LogLevel.Debug, "Event {Number} of session 0x{SessionId:x} did not come on its stream in time; the session's grain was asked for it.")]
    private partial void LogAsked(long number, long sessionId);
}
