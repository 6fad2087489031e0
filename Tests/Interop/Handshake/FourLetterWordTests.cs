using OrleansKeeper.Tests.Interop.Servers;
using OrleansKeeper.Tests.Interop.Wire;

namespace OrleansKeeper.Tests.Interop.Handshake;

/// <summary>The administrator's four-letter words, as monitoring tools parse them.</summary>
public sealed class FourLetterWordTests(ServerPair servers)
{
    [Theory]
    [InlineData(Target.ZooKeeper, "ruok", "^imok$")]
    [InlineData(Target.ZooKeeper, "isro", "^rw$")]
    [InlineData(Target.ZooKeeper, "srvr", ServerStatistics)]
    [InlineData(Target.ZooKeeper, "stat", @"^Zookeeper version: .*\nClients:\n( /[^\n]*\[[0-9a-f]+\]\(queued=\d+,recved=\d+,sent=\d+\)\n)+\nLatency min/avg/max: ")]
    [InlineData(Target.ZooKeeper, "cons", @"(?m)^ /127\.0\.0\.1:\d+\[[0-9a-f]+\]\(queued=\d+,recved=\d+,sent=\d+,sid=0x[0-9a-f]+,lop=\w+,est=\d+,to=30000,lcxid=0x[0-9a-f]+,lzxid=0x[0-9a-f]+,lresp=\d+,llat=\d+,minlat=\d+,avglat=\d+,maxlat=\d+\)$")]
    [InlineData(Target.ZooKeeper, "conf", @"^clientPort=\d+\n(secureClientPort=-?\d+\n)?dataDir=.*\ndataDirSize=\d+\ndataLogDir=.*\ndataLogSize=\d+\ntickTime=2000\nmaxClientCnxns=\d+\nminSessionTimeout=4000\nmaxSessionTimeout=40000\nclientPortListenBacklog=-?\d+\nserverId=\d+\n")]
    [InlineData(Target.ZooKeeper, "envi", @"^Environment:\nzookeeper\.version=\d+\.\d+\.\d+\S*.*\nhost\.name=")]
    [InlineData(Target.ZooKeeper, "mntr", @"^zk_version\t.*\n(.*\n)*zk_server_state\tstandalone\n")]
    [InlineData(Target.ZooKeeper, "wchs", @"^\d+ connections watching \d+ paths\nTotal watches:\d+\n?$")]
    [InlineData(Target.ZooKeeper, "dirs", @"^datadir_size: \d+\nlogdir_size: \d+\n$")]
    [InlineData(Target.Ours, "ruok", "^imok$")]
    [InlineData(Target.Ours, "isro", "^rw$")]
    [InlineData(Target.Ours, "srvr", ServerStatistics)]
    [InlineData(Target.Ours, "stat", @"^Zookeeper version: .*\nClients:\n( /[^\n]*\[[0-9a-f]+\]\(queued=\d+,recved=\d+,sent=\d+\)\n)+\nLatency min/avg/max: ")]
    [InlineData(Target.Ours, "cons", @"(?m)^ /127\.0\.0\.1:\d+\[[0-9a-f]+\]\(queued=\d+,recved=\d+,sent=\d+,sid=0x[0-9a-f]+,lop=\w+,est=\d+,to=30000,lcxid=0x[0-9a-f]+,lzxid=0x[0-9a-f]+,lresp=\d+,llat=\d+,minlat=\d+,avglat=\d+,maxlat=\d+\)$")]
    [InlineData(Target.Ours, "conf", @"^clientPort=\d+\n(.*\n)*tickTime=2000\n(.*\n)*minSessionTimeout=4000\nmaxSessionTimeout=40000\n")]
    [InlineData(Target.Ours, "envi", @"^Environment:\nzookeeper\.version=\d+\.\d+\.\d+\S*.*\nhost\.name=")]
    [InlineData(Target.Ours, "mntr", @"^zk_version\t.*\n(.*\n)*zk_server_state\t(standalone|leader)\n")]
    [InlineData(Target.Ours, "wchs", @"^\d+ connections watching \d+ paths\nTotal watches:\d+\n?$")]
    public async Task AnswerHasTheFormThatToolsParse(Target target, string word, string pattern)
    {
        await using var client = await RawClient.ConnectAsync(servers[target].EndPoint);
        await client.CallAsync(OpCode.GetData, Bodies.PathAndWatch("/"));
        Assert.Matches(pattern, await servers[target].FourLetterWordAsync(word));
        await client.CallAsync(OpCode.CloseSession);
    }

    [Theory]
    [InlineData(Target.ZooKeeper)]
    [InlineData(Target.Ours)]
    public async Task WatchesAreCounted(Target target)
    {
        var path = Bodies.UniquePath();
        await using var client = await RawClient.ConnectAsync(servers[target].EndPoint);
        await client.CallAsync(OpCode.Exists, Bodies.PathAndWatch(path, watch: true));
        var summary = await servers[target].FourLetterWordAsync("wchs");
        Assert.Matches(@"^[1-9]\d* connections watching [1-9]\d* paths\nTotal watches:[1-9]\d*\n$", summary);
        await client.CallAsync(OpCode.CloseSession);
    }

    private const string ServerStatistics =
        @"^Zookeeper version: \S+.*, built on .*\nLatency min/avg/max: \d+/\d+\.\d+/\d+\nReceived: \d+\nSent: \d+\nConnections: \d+\nOutstanding: \d+\nZxid: 0x[0-9a-f]+\nMode: (standalone|leader)\nNode count: \d+\n";
}
