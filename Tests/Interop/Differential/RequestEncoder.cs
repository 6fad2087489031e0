using System.Globalization;
using System.Text;
using OrleansKeeper.Tests.Interop.Wire;

namespace OrleansKeeper.Tests.Interop.Differential;

/// <summary>Turns a script's requests into bytes, for one run (its root) and one session (its zxids).</summary>
public sealed class RequestEncoder(RunRoot root)
{
    /// <summary>The packet, and the xid that the server has to echo.</summary>
    public (byte[] Payload, int Xid) Encode(Request request, Func<int> nextXid, SessionZxids zxids)
    {
        var xid = request.Name switch
        {
            "ping" => Xid.Ping,
            "auth" => Xid.Auth,
            "setWatches" or "setWatches2" => Xid.SetWatches,
            _ => nextXid(),
        };
        return (RawClient.Payload(xid, TypeOf(request), Body(request, zxids)), xid);
    }

    private static int TypeOf(Request request) => request.Name switch
    {
        "create" => OpCode.Create,
        "create2" => OpCode.Create2,
        "createContainer" => OpCode.CreateContainer,
        "createTtl" => OpCode.CreateTtl,
        "delete" => OpCode.Delete,
        "exists" => OpCode.Exists,
        "getData" => OpCode.GetData,
        "setData" => OpCode.SetData,
        "getAcl" => OpCode.GetAcl,
        "setAcl" => OpCode.SetAcl,
        "getChildren" => OpCode.GetChildren,
        "getChildren2" => OpCode.GetChildren2,
        "sync" => OpCode.Sync,
        "ping" => OpCode.Ping,
        "check" => OpCode.Check,
        "multi" => OpCode.Multi,
        "multiRead" => OpCode.MultiRead,
        "reconfig" => OpCode.Reconfig,
        "auth" => OpCode.Auth,
        "setWatches" => OpCode.SetWatches,
        "setWatches2" => OpCode.SetWatches2,
        "addWatch" => OpCode.AddWatch,
        "removeWatches" => OpCode.RemoveWatches,
        "checkWatches" => OpCode.CheckWatches,
        "getEphemerals" => OpCode.GetEphemerals,
        "getAllChildrenNumber" => OpCode.GetAllChildrenNumber,
        "whoAmI" => OpCode.WhoAmI,
        "closeSession" => OpCode.CloseSession,
        "malformed" or "unknown" => Number(request, "type"),
        _ => throw new FormatException($"There is no request '{request.Name}'."),
    };

    private JuteWriter Body(Request request, SessionZxids zxids)
    {
        var body = new JuteWriter();
        switch (request.Name)
        {
            case "create" or "create2" or "createContainer" or "createTtl":
                body.String(Path(request)).Buffer(Data(request)).Raw(AclText.Encode(request["acl"])).Int(Number(request, "flags"));
                if (request.Name == "createTtl")
                    body.Long(long.Parse(request["ttl"]!, CultureInfo.InvariantCulture));
                break;
            case "delete" or "check":
                body.String(Path(request)).Int(Number(request, "version"));
                break;
            case "exists" or "getData" or "getChildren" or "getChildren2":
                body.String(Path(request)).Bool(request["watch"] == "1");
                break;
            case "setData":
                body.String(Path(request)).Buffer(Data(request)).Int(Number(request, "version"));
                break;
            case "setAcl":
                body.String(Path(request)).Raw(AclText.Encode(request["acl"])).Int(Number(request, "version"));
                break;
            case "getAcl" or "sync" or "getEphemerals" or "getAllChildrenNumber":
                body.String(Path(request));
                break;
            case "multi" or "multiRead":
                foreach (var part in request.Parts)
                    body.Int(TypeOf(part)).Bool(false).Int(-1).Raw(Body(part, zxids).ToArray());
                body.Int(-1).Bool(true).Int(-1);
                break;
            case "reconfig":
                body.String(null).String(null).String(null).Long(-1);
                break;
            case "auth":
                body.Int(0).String(request["scheme"]).Buffer(Data(request));
                break;
            case "setWatches" or "setWatches2":
                body.Long(zxids.Relative(request["relative"])).Strings(Paths(request, "data")).Strings(Paths(request, "exist"))
                    .Strings(Paths(request, "child"));
                if (request.Name == "setWatches2")
                    body.Strings(Paths(request, "persistent")).Strings(Paths(request, "recursive"));
                break;
            case "addWatch":
                body.String(Path(request)).Int(Number(request, "mode"));
                break;
            case "removeWatches" or "checkWatches":
                body.String(Path(request)).Int(Number(request, "type"));
                break;
            case "malformed":
                body.Raw(Convert.FromHexString(request["body"]!));
                break;
            default:
                break;
        }
        return body;
    }

    private static int Number(Request request, string argument) => int.Parse(request[argument]!, CultureInfo.InvariantCulture);

    private static byte[]? Data(Request request) => request["data"] is { } data ? Encoding.UTF8.GetBytes(data) : null;

    private string? Path(Request request) => request["path"] is { } path ? root.Absolute(path) : null;

    private List<string> Paths(Request request, string argument) =>
        [.. (request[argument] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(root.Absolute)];
}
