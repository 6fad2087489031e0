using System.Globalization;
using System.Text;
using OrleansKeeper.Tests.Interop.Wire;

namespace OrleansKeeper.Tests.Interop.Differential;

/// <summary>Turns packets of one server into observations.</summary>
public sealed class ReplyDecoder(RunRoot root, Func<long, string> sessionName)
{
    public Observation Event(Packet packet)
    {
        var reader = packet.Read();
        var text = string.Create(CultureInfo.InvariantCulture,
            $"event type={reader.Int()} state={reader.Int()} path={root.Relative(reader.String())} err={packet.Err}{Rest(reader)}");
        return new Observation(text, [], IsEvent: true);
    }

    public Observation Reply(Request request, int expectedXid, Packet packet)
    {
        var zxids = new List<long> { packet.Zxid };
        var reader = packet.Read();
        var body = packet.Err == 0 && !request.EndsConnection ? TryBody(request, reader, zxids) : "";
        var xid = packet.Xid == expectedXid ? "" : string.Create(CultureInfo.InvariantCulture, $" xid={packet.Xid}, not {expectedXid}");
        return new Observation(
            string.Create(CultureInfo.InvariantCulture, $"{request.Name} err={packet.Err}{xid} {body}{Rest(reader)}").TrimEnd(), zxids);
    }

    private string TryBody(Request request, JuteReader reader, List<long> zxids)
    {
        try
        {
            return Body(request, reader, zxids);
        }
        catch (InvalidDataException exception)
        {
            return $"undecodable ({exception.Message})";
        }
    }

    private string Body(Request request, JuteReader reader, List<long> zxids) => request.Name switch
    {
        "create" or "sync" => Path(reader),
        "create2" or "createContainer" or "createTtl" => $"{Path(reader)} {Stat(reader, zxids)}",
        "exists" or "setData" or "setAcl" => Stat(reader, zxids),
        "getData" => $"{Data(reader)} {Stat(reader, zxids)}",
        "getAcl" => $"{AclText.Decode(reader)} {Stat(reader, zxids)}",
        "getChildren" => Children(reader, path => path),
        "getChildren2" => $"{Children(reader, path => path)} {Stat(reader, zxids)}",
        "getEphemerals" => Children(reader, path => root.Relative(path)!),
        "getAllChildrenNumber" or "addWatch" => reader.Int().ToString(CultureInfo.InvariantCulture),
        "whoAmI" => string.Join('|', KnownDifferences.SortIdentities(reader.List(() => $"{reader.String()}:{reader.String()}"))),
        "multi" or "multiRead" => Results(reader, zxids),
        _ => "",
    };

    private string Results(JuteReader reader, List<long> zxids)
    {
        var text = new StringBuilder();
        while (true)
        {
            var (type, done, err) = (reader.Int(), reader.Bool(), reader.Int());
            text.Append(CultureInfo.InvariantCulture, $"<{type}{(done ? " done" : "")} err={err} ");
            if (!done)
                text.Append(Result(type, reader, zxids));
            text.Append('>');
            if (done)
                return text.ToString();
        }
    }

    private string Result(int type, JuteReader reader, List<long> zxids) => type switch
    {
        OpCode.Create => Path(reader),
        OpCode.Create2 => $"{Path(reader)} {Stat(reader, zxids)}",
        OpCode.SetData => Stat(reader, zxids),
        OpCode.GetData => $"{Data(reader)} {Stat(reader, zxids)}",
        OpCode.GetChildren => Children(reader, path => path),
        OpCode.Error => reader.Int().ToString(CultureInfo.InvariantCulture),
        _ => "",
    };

    private string Path(JuteReader reader) => root.Relative(reader.String()) ?? "null";

    private static string Data(JuteReader reader) => reader.Buffer() is { } data ? $"'{Encoding.UTF8.GetString(data)}'" : "null";

    private static string Children(JuteReader reader, Func<string, string> name) =>
        $"[{string.Join(' ', reader.List(() => name(reader.String()!)).Order(StringComparer.Ordinal))}]";

    private string Stat(JuteReader reader, List<long> zxids)
    {
        var stat = reader.Stat();
        zxids.AddRange([stat.Czxid, stat.Mzxid, stat.Pzxid]);
        return string.Create(CultureInfo.InvariantCulture,
            $"{{version={stat.Version} cversion={stat.Cversion} aversion={stat.Aversion} owner={sessionName(stat.EphemeralOwner)} length={stat.DataLength} children={stat.NumChildren} times={(stat.Mtime >= stat.Ctime ? "ok" : "reversed")}}}");
    }

    private static string Rest(JuteReader reader) =>
        reader.Remaining == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" and {reader.Remaining} more bytes");
}
