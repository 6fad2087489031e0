using System.Net.Sockets;
using OrleansKeeper.Tests.Interop.Servers;

namespace OrleansKeeper.Tests.Interop.Differential;

/// <summary>
/// Plays a script on both sides, step by step, and stops where they differ. A side is one server or a cluster, over which the script's sessions
/// are spread.
/// </summary>
public sealed class Comparison(IReadOnlyList<ServerProcess> referenceServers, IReadOnlyList<ServerProcess> ourServers)
{
    public async Task<Divergence?> RunAsync(IReadOnlyList<Step> steps)
    {
        var root = new RunRoot();
        await using var reference = new Side(referenceServers, root, takesZxidForMove: ourServers is [{ IsOurs: true }, _, ..]);
        await using var ours = new Side(ourServers, root, takesZxidForMove: false);
        var zxids = new ZxidRelation();
        Step[] all = [CreateRoot, .. steps];
        for (var index = 0; index < all.Length; index++)
        {
            var seen = await Task.WhenAll(ObserveAsync(reference, all[index]), ObserveAsync(ours, all[index]));
            if (seen.Any(side => side is [.., { IsFailure: true }]))
                return new Divergence(index - 1, seen[0], seen[1], "a server failed");
            if (Compare(seen[0], seen[1], zxids) is { } reason)
                return new Divergence(index - 1, seen[0], seen[1], reason);
        }
        return null;
    }

    private static Step CreateRoot { get; } =
        new(0, [Request.Of("create", ("path", "/"), ("data", ""), ("acl", "31:world:anyone"), ("flags", "0"))]);

    private static async Task<IReadOnlyList<Observation>> ObserveAsync(Side side, Step step)
    {
        try
        {
            return await side.RunAsync(step);
        }
        catch (Exception exception) when (exception is TimeoutException or IOException or InvalidDataException or SocketException)
        {
            return [new Observation($"{exception.GetType().Name}: {exception.Message}", []) { IsFailure = true }];
        }
    }

    private static string? Compare(IReadOnlyList<Observation> reference, IReadOnlyList<Observation> ours, ZxidRelation zxids)
    {
        for (var i = 0; i < Math.Max(reference.Count, ours.Count); i++)
        {
            if (i >= reference.Count || i >= ours.Count)
                return $"observation {i + 1} is on one side only";
            if (reference[i].Text != ours[i].Text || reference[i].Zxids.Count != ours[i].Zxids.Count)
                return $"observation {i + 1} differs";
            for (var z = 0; z < reference[i].Zxids.Count; z++)
            {
                if (!zxids.TryPair(reference[i].Zxids[z], ours[i].Zxids[z]))
                    return $"zxid {z + 1} of observation {i + 1} is not in the same order with the earlier ones";
            }
        }
        return null;
    }
}
