using System.Net;

namespace OrleansKeeper.Grains.Security;

/// <summary>An entry of the ip scheme: an IPv4 or IPv6 address, or the leading bits of one (<c>10.0.0.0/8</c>).</summary>
internal static class IpRange
{
    public static bool IsValid(string range) => TryParse(range, out _, out _);

    public static bool Contains(string range, string address) =>
        TryParse(range, out var network, out var bits)
        && IPAddress.TryParse(address, out var candidate)
        && network.AddressFamily == candidate.AddressFamily
        && SharesBits(network.GetAddressBytes(), candidate.GetAddressBytes(), bits);

    private static bool TryParse(string range, out IPAddress network, out int bits)
    {
        var slash = range.IndexOf('/');
        bits = 0;
        if (!IPAddress.TryParse(slash < 0 ? range : range.AsSpan(0, slash), out network!))
            return false;

        var most = network.GetAddressBytes().Length * 8;
        bits = most;
        return slash < 0 || (int.TryParse(range.AsSpan(slash + 1), out bits) && bits >= 0 && bits <= most);
    }

    private static bool SharesBits(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, int bits)
    {
        var whole = bits / 8;
        if (!left[..whole].SequenceEqual(right[..whole]))
            return false;

        var rest = bits % 8;
        return rest == 0 || ((left[whole] ^ right[whole]) >> (8 - rest)) == 0;
    }
}
