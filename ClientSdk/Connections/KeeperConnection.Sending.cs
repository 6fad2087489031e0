using System.Diagnostics.CodeAnalysis;
using OrleansKeeper.GrainInterfaces.Attachments;

namespace OrleansKeeper.ClientSdk.Connections;

/// <content>The way of requests to the service, and of replies back.</content>
internal sealed partial class KeeperConnection
{
    /// <summary>Sends again what is on the way, since calls were lost: the service knows what it has done of it.</summary>
    public void Resend(LiveAttachment attachment)
    {
        SentBatch[] batches;
        lock (_lock)
            batches = _attachment == attachment ? [.. _requests.Sent.Where(batch => !batch.IsReceived)] : [];
        foreach (var batch in batches)
            _ = SubmitAsync(attachment, batch);
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (TakeBatch() is var (attachment, batch))
            _ = SubmitAsync(attachment, batch);
    }

    private void SendSoon()
    {
        lock (_lock)
        {
            if (_isSending || !MaySend(out var attachment) || _requests.WaitingCount == 0 || _requests.SentCount >= attachment.Window)
                return;

            _isSending = true;
        }

        // On a thread of no grain's, whoever calls.
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>While nobody knows whether the service is there, what has not been sent is kept: then it has not happened for certain.</summary>
    private bool MaySend([NotNullWhen(true)] out LiveAttachment? attachment)
    {
        attachment = _attachment;
        return attachment is not null && Status.State == KeeperConnectionState.Connected;
    }

    private (LiveAttachment Attachment, SentBatch Batch)? TakeBatch()
    {
        lock (_lock)
        {
            if (MaySend(out var attachment)
                && _requests.SentCount < attachment.Window
                && _requests.Take(attachment.Id, attachment.MaxRequestBytes) is { } batch)
            {
                return (attachment, batch);
            }

            _isSending = false;
            return null;
        }
    }

    private async Task SubmitAsync(LiveAttachment attachment, SentBatch batch)
    {
        while (true)
        {
            RequestBatch message;
            lock (_lock)
            {
                if (_attachment != attachment)
                    return;

                batch.Calls++;
                _acknowledgedEvents = _events.Shown;
                message = batch.ToMessage(_requests.Acknowledged, _acknowledgedEvents);
            }

            var sentAt = _time.GetTimestamp();
            ReplyBatch replies;
            try
            {
                replies = await attachment.Session.Submit(message).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                _keeper.Suspect(attachment, exception);
                return;
            }

            if (replies.IsGone)
            {
                lock (_lock)
                    batch.RefusedCalls += replies.IsRefused ? 1 : 0;
                _keeper.Lost(attachment);
                return;
            }

            Status.Heard(sentAt);
            if (Received(attachment, batch, replies))
                return;
        }
    }

    /// <summary>Replies came; false when the batch has more.</summary>
    private bool Received(LiveAttachment attachment, SentBatch batch, ReplyBatch replies)
    {
        bool isReceived;
        lock (_lock)
        {
            if (_attachment != attachment)
                return true;

            batch.Add(replies);
            isReceived = batch.IsReceived;
            Complete(attachment);
        }

        SendSoon();
        return isReceived;
    }

    private void Complete(LiveAttachment attachment)
    {
        var awaited = _requests.Complete(_events.Shown, _seen.SeeReply);
        if (awaited > 0)
            AskForEventsLater(attachment, awaited);
    }
}
