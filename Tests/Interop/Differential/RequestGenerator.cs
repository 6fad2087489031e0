using System.Globalization;

namespace OrleansKeeper.Tests.Interop.Differential;

/// <summary>A random script of every kind of request, the same for the same seed.</summary>
/// <param name="seed">The seed.</param>
/// <param name="reattachments">How many of a hundred steps drop a connection and attach anew.</param>
public sealed class RequestGenerator(int seed, int reattachments = 3)
{
    private readonly ArgumentGenerator _arguments = new(new Random(seed));

    /// <summary>One session sets only persistent watches and the others only one-shot ones (KnownDifferences says why).</summary>
    private bool _watchesPersistently;

    public IReadOnlyList<Step> Steps(int count) => [.. Enumerable.Range(0, count).Select(_ => Step())];

    private Step Step()
    {
        var session = _arguments.Next(Side.Sessions);
        _watchesPersistently = session == Side.Sessions - 1;
        if (_arguments.Chance(reattachments))
            return new Step(session, []);
        var length = _arguments.Chance(40) ? 1 : 2 + _arguments.Next(12);
        var requests = Enumerable.Range(0, length).Select(_ => Single()).ToList();
        if (_arguments.Chance(3))
            requests.Add(Last());
        return new Step(session, requests);
    }

    private Request Last() => _arguments.Next(4) switch
    {
        0 => Request.Of("auth", ("scheme", "nothing"), ("data", "x")),
        1 => Request.Of("unknown", ("type", _arguments.Pick(["0", "77", "-5", "108"]))),
        _ => Request.Of("closeSession"),
    };

    private Request Single() => _arguments.Next(100) switch
    {
        < 24 => Create(),
        < 34 => Delete(),
        < 44 => SetData(),
        < 66 => Read(),
        < 70 => Request.Of("getAcl", ("path", _arguments.Path())),
        < 73 => Request.Of("setAcl", ("path", _arguments.PathBelowRoot()), ("acl", _arguments.Acl()), ("version", _arguments.Version())),
        < 83 => Multi(),
        < 92 => Watching(),
        < 94 => Authenticate(),
        < 95 => Malformed(),
        _ => Other(),
    };

    private Request Create()
    {
        // Sequential names share a stem: a parent's counter is what is interesting.
        var flags = _arguments.Flags();
        var path = _arguments.PathBelowRoot();
        if (flags is "2" or "3" or "6")
            path = path.Length > 2 && _arguments.Chance(80) ? path[..(path.LastIndexOf('/') + 1)] + (_arguments.Chance(80) ? "s" : "") : path;
        if (_arguments.Chance(2))
            path = _arguments.Pick(["~/", "/"]);
        (string, string?)[] arguments = [("path", path), ("data", _arguments.Data()), ("acl", _arguments.Acl())];
        return _arguments.Next(20) switch
        {
            < 9 => Request.Of("create", [.. arguments, ("flags", flags)]),
            < 17 => Request.Of("create2", [.. arguments, ("flags", flags)]),
            < 18 => Request.Of("createContainer", [.. arguments, ("flags", _arguments.Chance(80) ? "4" : flags)]),
            _ => CreateTtl(arguments),
        };
    }

    private Request CreateTtl((string, string?)[] arguments)
    {
        var flags = _arguments.Pick(["5", "6", "5", "6", "0", "3"]);
        var ttl = _arguments.Pick(["3600000", "3600000", "1099511627775", "1099511627776", "0", "-1"]);
        if (KnownDifferences.KillsZooKeeper(flags, ttl))
            ttl = "3600000";
        return Request.Of("createTtl", [.. arguments, ("flags", flags), ("ttl", ttl)]);
    }

    private Request Delete() => Request.Of("delete", ("path", _arguments.Path()), ("version", _arguments.Version()));

    private Request SetData() =>
        Request.Of("setData", ("path", _arguments.PathBelowRoot()), ("data", _arguments.Data()), ("version", _arguments.Version()));

    private Request Read() =>
        Request.Of(_arguments.Pick(["exists", "getData", "getChildren", "getChildren2"]), ("path", _arguments.Path()), ("watch", _watchesPersistently ? "0" : _arguments.Watch()));

    private Request Multi()
    {
        if (_arguments.Chance(25))
            return Request.Of("multiRead") with { Parts = Parts(() => ReadPart()) };
        if (_arguments.Chance(4))
            return Request.Of("multi") with { Parts = [Delete(), ReadPart()] };
        return Request.Of("multi") with { Parts = Parts(() => WritePart()) };
    }

    private Request[] Parts(Func<Request> part) => [.. Enumerable.Range(0, _arguments.Next(5)).Select(_ => part())];

    private Request ReadPart() => Request.Of(_arguments.Pick(["getData", "getChildren"]), ("path", _arguments.Path()), ("watch", _arguments.Watch()));

    private Request WritePart() => _arguments.Next(10) switch
    {
        < 4 => CreatePart(),
        < 6 => Delete(),
        < 8 => SetData(),
        _ => Request.Of("check", ("path", _arguments.Path()), ("version", _arguments.Version())),
    };

    private Request CreatePart()
    {
        var create = Create();
        var hasTtlMode = create["flags"] is "5" or "6";
        return hasTtlMode == (create.Name == "createTtl") ? create : Delete();
    }

    private Request Watching() => _arguments.Next(10) switch
    {
        < 5 => _watchesPersistently ? AddWatch() : Request.Of("setWatches", WatchLists()),
        < 7 => Request.Of("removeWatches", ("path", _arguments.Path()), ("type", _arguments.Pick(["3", "3", "9"]))),
        _ => Request.Of("setWatches2", _watchesPersistently ? PersistentLists() : WatchLists()),
    };

    private Request AddWatch()
    {
        var path = _arguments.Path();
        return Request.Of("addWatch", ("path", path), ("mode", _arguments.Chance(10) ? "2" : KnownDifferences.PersistentMode(path)));
    }

    private (string, string?)[] PersistentLists()
    {
        var paths = $"{_arguments.Paths()},{_arguments.Paths()}".Split(',', StringSplitOptions.RemoveEmptyEntries);
        return
        [
            ("relative", "zero"),
            ("persistent", string.Join(',', paths.Where(path => KnownDifferences.PersistentMode(path) == "0"))),
            ("recursive", string.Join(',', paths.Where(path => KnownDifferences.PersistentMode(path) == "1"))),
        ];
    }

    private (string, string?)[] WatchLists() =>
    [
        ("relative", _arguments.Pick(["zero", "first", "last"])), ("data", _arguments.Paths()), ("exist", _arguments.Paths()), ("child", _arguments.Paths()),
    ];

    private Request Authenticate() =>
        Request.Of("auth", ("scheme", "digest"), ("data", _arguments.Pick(["alice:a", "bob:b", "bob:b", "super:test"])));

    private Request Malformed()
    {
        var type = _arguments.Pick([1, 2, 3, 4, 5, 6, 7, 8, 12, 14, 15, 17, 18, 19, 21, 22, 101, 104, 105, 106]);
        return Request.Of("malformed", ("type", type.ToString(CultureInfo.InvariantCulture)), ("body", _arguments.Pick(["", "7fffffff", "0000", "ffffff00"])));
    }

    private Request Other() => _arguments.Next(12) switch
    {
        < 2 => Request.Of("sync", ("path", _arguments.Path())),
        < 4 => Request.Of("ping"),
        < 7 => Request.Of("getEphemerals", ("path", _arguments.Pick(["/", "/a", "/b/a", "~/", "~", "~ "]))),
        < 10 => Request.Of("getAllChildrenNumber", ("path", _arguments.Path())),
        < 11 => Request.Of("whoAmI"),
        _ => Request.Of("reconfig"),
    };
}
