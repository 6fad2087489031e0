using System.Net.Sockets;
using OrleansKeeper.Tests.Interop.Servers;
using OrleansKeeper.Tests.Interop.Wire;

namespace OrleansKeeper.Tests.Interop.Differential;

/// <summary>
/// One server or one cluster during one run; in a cluster each session is on another server. A step ends when every reply of its burst is in and every live session has had a sync answered:
/// by then the servers have sent every event of the step, so the next step starts from silence, and every session sees what any has written.
/// </summary>
public sealed class Side : IAsyncDisposable
{
    public const int Sessions = 3;

    private readonly bool _isOurs;
    private readonly bool _takesZxidForMove;
    private readonly SessionSlot[] _slots;
    private readonly Dictionary<long, string> _sessionNames = new() { [0] = "0" };
    private readonly RequestEncoder _encoder;
    private readonly ReplyDecoder _decoder;

    /// <param name="servers">The servers.</param>
    /// <param name="root">The znode below which the run plays.</param>
    /// <param name="takesZxidForMove">The other side is a cluster of ours, where a session that moves takes a zxid (KnownDifferences).</param>
    public Side(IReadOnlyList<ServerProcess> servers, RunRoot root, bool takesZxidForMove)
    {
        _isOurs = servers[0].IsOurs;
        _takesZxidForMove = takesZxidForMove;
        _slots = [.. Enumerable.Range(0, Sessions).Select(number => new SessionSlot(servers, number))];
        _encoder = new RequestEncoder(root);
        _decoder = new ReplyDecoder(root, id => _sessionNames.GetValueOrDefault(id, "unknown"));
    }

    public async Task<IReadOnlyList<Observation>> RunAsync(Step step)
    {
        var slot = _slots[step.Session];
        var seen = new List<Observation>();
        if (step.IsReattachment)
            await slot.DropAsync();
        if (await slot.EnsureConnectedAsync() is { } connected)
            seen.Add(connected);
        if (slot.HasMoved)
            await CatchUpAsync(slot, seen);
        if (slot.Client is null)
            return seen;
        _sessionNames[slot.Client.SessionId] = slot.SessionName;

        await BurstAsync(slot, step.Requests, seen);
        await SettleAsync(seen);
        return step.Requests.Any(request => request.Name == "closeSession") ? KnownDifferences.SortEventsOfOneTransaction(seen) : seen;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var slot in _slots)
        {
            try
            {
                await slot.DisposeAsync();
            }
            catch (Exception exception) when (exception is TimeoutException or IOException or InvalidDataException or SocketException)
            {
                // The comparison that ends here has told already that this server does not answer.
            }
        }
    }

    private async Task BurstAsync(SessionSlot slot, IReadOnlyList<Request> requests, List<Observation> seen)
    {
        var waiting = new Queue<(Request Request, int Xid)>();
        var payloads = new List<byte[]>();
        var zxids = slot.Zxids.Copy();
        foreach (var request in requests)
        {
            if (KnownDifferences.OvertakesEarlierReplies(request))
                await FlushAsync(slot, payloads, waiting, seen);
            if (!_isOurs && KnownDifferences.NeedsReadProbe(request))
            {
                await FlushAsync(slot, payloads, waiting, seen);
                if (slot.IsLive && await KnownDifferences.ProbeReadAsync(slot.Client!, request, _encoder, packet => See(packet, seen)) is { } denied)
                {
                    seen.Add(_decoder.Reply(request, denied.Xid, denied));
                    continue;
                }
            }
            if (!slot.IsLive)
                return;
            var (payload, xid) = _encoder.Encode(request, slot.Client!.NextXid, zxids);
            payloads.Add(payload);
            waiting.Enqueue((request, xid));
            if (!_isOurs && KnownDifferences.MustEndBeforeNext(request))
                await FlushAsync(slot, payloads, waiting, seen);
        }
        await FlushAsync(slot, payloads, waiting, seen);
    }

    private async Task FlushAsync(SessionSlot slot, List<byte[]> payloads, Queue<(Request Request, int Xid)> waiting, List<Observation> seen)
    {
        if (!slot.IsLive || waiting.Count == 0)
            return;
        await slot.Client!.SendAsync(payloads);
        payloads.Clear();
        while (waiting.Count > 0)
        {
            if (await slot.Client.ReceiveAsync() is not { } packet)
            {
                seen.Add(new Observation("the connection ended", []));
                await slot.DropAsync();
                waiting.Clear();
                return;
            }
            if (packet.IsEvent)
            {
                See(packet, seen);
                continue;
            }
            var (request, xid) = waiting.Dequeue();
            slot.Zxids.Saw(packet.Zxid);
            seen.Add(_decoder.Reply(request, xid, packet));
            if (request.EndsConnection)
            {
                await ExpectEndAsync(slot, request, seen);
                return;
            }
        }
    }

    private async Task ExpectEndAsync(SessionSlot slot, Request request, List<Observation> seen)
    {
        while (await slot.Client!.ReceiveAsync() is { } packet)
            See(packet, seen);
        seen.Add(new Observation("the connection ended", []));
        await (request.Name == "closeSession" ? slot.ForgetAsync() : slot.DropAsync());
    }

    private async Task SettleAsync(List<Observation> seen)
    {
        var live = _slots.Where(slot => slot.IsLive).ToList();
        foreach (var slot in live)
        {
            var later = new List<Observation>();
            await SyncAsync(slot, later);
            seen.AddRange(later.Select(observation => observation with { Text = $"{slot.SessionName}: {observation.Text}" }));
        }
    }

    /// <summary>Another server promises to show what this session has seen, and needs a sync for what others wrote since.</summary>
    private async Task CatchUpAsync(SessionSlot slot, List<Observation> seen)
    {
        slot.HasMoved = false;
        if (_takesZxidForMove)
            slot.Zxids.Saw(await KnownDifferences.TakeZxidAsync(slot.Client!, _encoder));
        await SyncAsync(slot, seen);
    }

    private async Task SyncAsync(SessionSlot slot, List<Observation> seen)
    {
        var number = await slot.Client!.SendAsync(OpCode.Sync, new JuteWriter().String("/"));
        while (true)
        {
            if (await slot.Client.ReceiveAsync() is not { } packet)
            {
                seen.Add(new Observation("the connection ended unexpectedly", []));
                await slot.DropAsync();
                return;
            }
            if (packet.Xid == number)
            {
                slot.Zxids.Saw(packet.Zxid);
                return;
            }
            See(packet, seen);
        }
    }

    private void See(Packet packet, List<Observation> seen) =>
        seen.Add(packet.IsEvent ? _decoder.Event(packet) : new Observation($"stray reply xid={packet.Xid} err={packet.Err}", []));
}
