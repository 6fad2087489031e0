using System.Globalization;
using OrleansKeeper.Grains.Sessions;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Silo.FrontEnd;

/// <summary>A connection as <c>stat</c> and <c>cons</c> show it.</summary>
internal sealed class LiveConnection(string remoteEndPoint, ClientSession session, TimeProvider time)
{
    public ClientSession Session { get; } = session;

    public string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $" /{remoteEndPoint}[1](queued={Session.PendingCount},recved={Session.Counters.Received},sent={Session.Counters.Sent})");

    public string DescribeWithSession()
    {
        var counters = Session.Counters;
        var silent = (long)Session.ElapsedSinceHeard.TotalMilliseconds;
        return string.Create(
            CultureInfo.InvariantCulture,
            $" /{remoteEndPoint}[1](queued={Session.PendingCount},recved={counters.Received},sent={counters.Sent},sid=0x{Session.SessionId:x},lop={NameOf(counters.LastOperation)},est={Session.EstablishedAt.ToUnixTimeMilliseconds()},to={Session.TimeoutMilliseconds},lcxid=0x{counters.LastXid:x},lzxid=0x{counters.LastZxid:x},lresp={time.GetUtcNow().ToUnixTimeMilliseconds() - silent},llat={Session.Counters.Latency.Last},minlat={Session.Counters.Latency.Least},avglat={Session.Counters.Latency.Average:F0},maxlat={Session.Counters.Latency.Most})");
    }

    /// <summary>What ZooKeeper calls an operation here.</summary>
    private static string NameOf(OpCode operation) => operation switch
    {
        OpCode.CreateSession => "SESS",
        OpCode.CloseSession => "CLOS",
        OpCode.Ping => "PING",
        OpCode.Create or OpCode.Create2 or OpCode.CreateContainer or OpCode.CreateTtl => "CREA",
        OpCode.Delete => "DELE",
        OpCode.Exists => "EXIS",
        OpCode.GetData => "GETD",
        OpCode.SetData => "SETD",
        OpCode.GetChildren or OpCode.GetChildren2 => "GETC",
        OpCode.SetWatches => "SETW",
        OpCode.SetWatches2 => "STW2",
        OpCode.AddWatch => "ADDW",
        OpCode.GetAcl => "GETA",
        OpCode.SetAcl => "SETA",
        OpCode.Sync => "SYNC",
        OpCode.Multi => "MULT",
        OpCode.MultiRead => "MLTR",
        OpCode.Reconfig => "RECO",
        OpCode.CheckWatches => "CHKW",
        OpCode.RemoveWatches => "REMW",
        OpCode.GetEphemerals => "GETE",
        OpCode.GetAllChildrenNumber => "GETACN",
        OpCode.WhoAmI => "HOMI",
        _ => "NA",
    };
}
