using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansKeeper.Tests.Robustness.Clients;

/// <summary>Asks a server what monitors ask.</summary>
internal static class FourLetterWord
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>The whole answer; null when the server is not there or hangs.</summary>
    public static async Task<string?> AskAsync(IPEndPoint server, string word)
    {
        using var limit = new CancellationTokenSource(Limit);
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            using var socket = await TcpConnection.OpenAsync(server, limit.Token);
            await socket.SendAsync(Encoding.ASCII.GetBytes(word), limit.Token);
            while (await socket.ReceiveAsync(buffer, limit.Token) is > 0 and var count)
                answer.Append(Encoding.ASCII.GetString(buffer, 0, count));
            return answer.ToString();
        }
        catch (Exception exception) when (exception is ConnectionLostException or OperationCanceledException or SocketException)
        {
            return null;
        }
    }
}
