using OrleansKeeper.GrainInterfaces.Events;
using OrleansKeeper.Grains.Attachments;
using OrleansKeeper.Grains.EventStreams;
using OrleansKeeper.Grains.Sessions;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Jute;
using OrleansKeeper.Protocol.Messages;

namespace OrleansKeeper.Tests.Unit.Attachments;

/// <summary>An attachment begins with the events that its client missed, and none of them comes again.</summary>
public sealed class AttachmentOutputTests
{
    private readonly AttachmentOutput _output = new(1, SessionEventStream.Of(1), new EventQueue(), maxQueuedBytes: 1000);

    [Fact]
    public void WhatHappenedWhileEventsWereHeldBackComesBehindWhatWasMissed()
    {
        Write(8, "/in both");
        Write(9, "/later");
        Assert.Equal(["/missed", "/in both", "/later"], EndHolding(upTo: 8, (7, "/missed"), (8, "/in both")));
    }

    [Fact]
    public void TransactionThatStillFiresItsWatchesRepeatsNothing()
    {
        Write(8, "/first");
        Assert.Equal(["/first", "/second"], EndHolding(upTo: 8, (8, "/first"), (8, "/second")));
        Write(8, "/second");
        Write(9, "/next");
        Assert.Equal(["/first", "/second", "/next"], Read());
    }

    [Fact]
    public void EventsOfALookAtTheTreeBelongToNoTransaction()
    {
        EndHolding(upTo: 8);
        Write(-1, "/changed");
        Assert.Equal(["/changed"], Read());
    }

    private void Write(long zxid, string path)
    {
        lock (_output.Lock)
            ReplyWriter.WriteEvent(_output, zxid, WatcherEventType.NodeCreated, path);
    }

    private List<string> EndHolding(long upTo, params (long Zxid, string Path)[] missed)
    {
        lock (_output.Lock)
            _output.EndHolding(missed.Select(some => ReplyWriter.EncodeEvent(some.Zxid, WatcherEventType.NodeCreated, some.Path)), upTo);
        return Read();
    }

    private List<string> Read()
    {
        var paths = new List<string>();
        lock (_output.Lock)
        {
            _output.Flush();
            foreach (var events in _output.ReadEvents())
            {
                var reader = new JuteReader(events.Frames.Span);
                for (var number = events.First; number <= events.Last; number++)
                {
                    reader.ReadInt();
                    ReplyHeader.Read(ref reader);
                    paths.Add(WatcherEvent.Read(ref reader).Path!);
                }
            }
        }

        return paths;
    }
}
