using System.Globalization;

namespace OrleansKeeper.Tests.Interop.Differential;

/// <summary>
/// Random arguments from small sets, so that requests meet each other: few names, few versions, few identities, and now and then
/// a value that a server must refuse.
/// </summary>
public sealed class ArgumentGenerator(Random random)
{
    private static readonly string[] Names = ["a", "b", "c"];

    private static readonly string[] BadPaths =
    [
        "~a", "/a/", "/a//b", "/a/./b", "/a/..", "/..", "/a\0b", "/a\u0001", "/a\u007f", "/a\u009f", "/a\ue000", "/a\uf8ff", "/a\ufff0", "/a\uffff",
    ];

    private static readonly string[] ReservedPaths = ["~/", "~/zookeeper", "~/zookeeper/quota", "~/zookeeper/config"];

    private static readonly string[] Permissive = ["31:world:anyone", "31:world:anyone", "31:world:anyone", "31:ip:127.0.0.1", "31:ip:127.0.0.0/8"];

    private static readonly string[] Restrictive =
    [
        "31:auth:", "31:digest:alice:42P5AGfndZYLLg+o4hUm8JOpEWU=", "31:digest:bob:x", "31:ip:10.0.0.0/8", "1:world:anyone", "30:world:anyone",
        "16:world:anyone", "0:world:anyone", "15:world:anyone", "1:world:anyone|31:auth:", "3:auth:|3:auth:", "27:world:anyone", "64:world:anyone",
        "5:world:anyone|5:world:anyone|31:digest:alice:42P5AGfndZYLLg+o4hUm8JOpEWU=",
    ];

    private static readonly string?[] Invalid =
        [null, "none", "31:world:somebody", "31:nothing:x", "31:digest:nocolon", "31:digest:a:b:c", "31:ip:garbage", "31:ip:127.0.0.1/99", "31::"];

    public bool Chance(int percent) => random.Next(100) < percent;

    public T Pick<T>(IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    public int Next(int bound) => random.Next(bound);

    public string Path() => random.Next(100) switch
    {
        < 3 => Pick(BadPaths),
        < 5 => Pick(ReservedPaths),
        < 9 => "/",
        < 45 => $"/{Name()}",
        < 85 => $"/{Name()}/{Name()}",
        _ => $"/{Name()}/{Name()}/{Name()}",
    };

    /// <summary>A path that may change without locking everybody out of everything.</summary>
    public string PathBelowRoot()
    {
        var path = Path();
        return path == "/" || path.StartsWith("~/", StringComparison.Ordinal) ? $"/{Name()}" : path;
    }

    public string Paths() => string.Join(',', Enumerable.Range(0, random.Next(3)).Select(_ => $"/{Name()}/{Name()}"));

    public string? Data() => random.Next(12) switch
    {
        0 => null,
        1 => "",
        2 => new string('x', 1000 + random.Next(4000)),
        _ => $"data{random.Next(100).ToString(CultureInfo.InvariantCulture)}",
    };

    public string Version() => random.Next(10) switch
    {
        < 6 => "-1",
        < 9 => random.Next(3).ToString(CultureInfo.InvariantCulture),
        _ => Pick(["-2", "7", "-2147483648", "2147483647"]),
    };

    public string? Acl() => random.Next(100) switch
    {
        < 75 => Pick(Permissive),
        < 94 => Pick(Restrictive),
        _ => Pick(Invalid),
    };

    public string Flags() => random.Next(100) switch
    {
        < 45 => "0",
        < 65 => "1",
        < 80 => "2",
        < 92 => "3",
        _ => Pick(["4", "5", "6", "7", "-1", "99"]),
    };

    public string Watch() => Chance(45) ? "1" : "0";

    private string Name() => random.Next(10) == 0 ? $"s{random.Next(4):d10}" : Pick(Names);
}
