using System.Net;
using System.Net.Sockets;
using OrleansKeeper.Tests.Robustness.Clients;

namespace OrleansKeeper.Tests.Robustness.Fuzzing;

/// <summary>
/// Connects again and again and sends what no client should: spoiled handshakes, spoiled requests behind a good handshake, words,
/// noise, all cut into odd segments. Sometimes it listens to the answer, sometimes it just goes.
/// </summary>
internal sealed class FrameFuzzer(IPEndPoint server, int seed)
{
    private static readonly TimeSpan ListenLimit = TimeSpan.FromMilliseconds(50);

    private readonly Random _random = new(seed);
    private readonly byte[] _answer = new byte[16 * 1024];

    public int Connections { get; private set; }

    public async Task RunAsync(CancellationToken stop)
    {
        var mutations = new FrameMutations(_random);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await AttackAsync(NextAttack(mutations));
            }
            catch (Exception exception) when (exception is SocketException or ConnectionLostException)
            {
                // The server defends itself by ending the connection, which is its right.
            }

            Connections++;
        }
    }

    private byte[] NextAttack(FrameMutations mutations) => _random.Next(10) switch
    {
        0 => mutations.Garbage(),
        1 => mutations.FourLetterWord(),
        2 => [.. mutations.FourLetterWord(), .. mutations.Garbage()],
        3 => mutations.Mutate(ValidFrames.Handshake),
        4 => [.. mutations.Mutate(ValidFrames.Handshake), .. SomeRequests(mutations)],
        _ => [.. ValidFrames.Handshake, .. SomeRequests(mutations)],
    };

    private IEnumerable<byte> SomeRequests(FrameMutations mutations) =>
        Enumerable.Range(0, _random.Next(1, 6))
            .SelectMany(_ => mutations.Mutate(ValidFrames.Requests[_random.Next(ValidFrames.Requests.Length)]))
            .ToArray();

    private async Task AttackAsync(byte[] bytes)
    {
        using var socket = await TcpConnection.OpenAsync(server, CancellationToken.None);
        for (var rest = bytes.AsMemory(); !rest.IsEmpty;)
        {
            var segment = _random.Next(4) == 0 ? _random.Next(1, 8) : _random.Next(1, 2 * rest.Length);
            segment = Math.Min(segment, rest.Length);
            await socket.SendAsync(rest[..segment]);
            rest = rest[segment..];
        }

        if (_random.Next(2) == 0)
            await ListenAsync(socket);
        if (_random.Next(2) == 0)
            socket.LingerState = new LingerOption(true, 0);
    }

    private async Task ListenAsync(Socket socket)
    {
        using var limit = new CancellationTokenSource(ListenLimit);
        try
        {
            while (await socket.ReceiveAsync(_answer, limit.Token) > 0)
            {
            }
        }
        catch (OperationCanceledException)
        {
            // A server may well wait for the rest of a frame.
        }
    }
}
