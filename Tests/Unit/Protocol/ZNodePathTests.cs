using OrleansKeeper.Protocol;

namespace OrleansKeeper.Tests.Unit.Protocol;

public sealed class ZNodePathTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/a")]
    [InlineData("/a/b")]
    [InlineData("/zookeeper")]
    [InlineData("/...")]
    [InlineData("/.a/..b/c./d../e...")]
    [InlineData("/a b/~")]
    [InlineData("/\u00A0\u00E9\u20AC\uD7FF\uF900\uFFEF")]
    public void IsValid(string path)
    {
        Assert.Null(ZNodePath.Validate(path, sequential: false));
        Assert.Null(ZNodePath.Validate(path, sequential: true));
    }

    [Theory]
    [InlineData(null, "null")]
    [InlineData("", "length")]
    [InlineData("a", "start")]
    [InlineData("a/b", "start")]
    [InlineData("//", "Empty", true)]
    [InlineData("//a", "Empty", true)]
    [InlineData("/a//b", "Empty", true)]
    [InlineData("/./a", "Relative", true)]
    [InlineData("/../a", "Relative", true)]
    [InlineData("/a/./b", "Relative", true)]
    [InlineData("/a/../b", "Relative", true)]
    [InlineData("/a\u0000", "Null character", true)]
    [InlineData("/\u0001", "U+0001", true)]
    [InlineData("/\u001F", "U+001F", true)]
    [InlineData("/a\u007Fb", "U+007F", true)]
    [InlineData("/\u009F", "U+009F", true)]
    [InlineData("/\U0001F600", "U+D83D", true)]
    [InlineData("/\uE000", "U+E000", true)]
    [InlineData("/\uF8FF", "U+F8FF", true)]
    [InlineData("/\uFFF0", "U+FFF0", true)]
    [InlineData("/\uFFFD", "U+FFFD", true)]
    [InlineData("/\uFFFF", "U+FFFF", true)]
    public void IsInvalidSequentialOrNot(string? path, string reason, bool passesFirstChecks = false)
    {
        Assert.Contains(reason, ZNodePath.Validate(path, sequential: true));
        var plain = ZNodePath.Validate(path, sequential: false);
        Assert.NotNull(plain);
        if (!passesFirstChecks || !path!.EndsWith('/'))
            Assert.Contains(reason, plain);
    }

    [Theory]
    [InlineData("/a/", "end")]
    [InlineData("/a/.", "Relative")]
    [InlineData("/a/..", "Relative")]
    [InlineData("/.", "Relative")]
    [InlineData("/..", "Relative")]
    public void IsValidOnlyWithACounterAppended(string path, string reason)
    {
        Assert.Null(ZNodePath.Validate(path, sequential: true));
        Assert.Contains(reason, ZNodePath.Validate(path, sequential: false));
    }

    [Fact]
    public void LoneSurrogatesAreInvalid()
    {
        for (var c = '\uD800'; c <= '\uDFFF'; c++)
            Assert.NotNull(ZNodePath.Validate($"/{c}", sequential: false));
    }

    [Theory]
    [InlineData("/a", "/", "a")]
    [InlineData("/a/b", "/a", "b")]
    [InlineData("/a/b/c", "/a/b", "c")]
    [InlineData("/a/", "/a", "")]
    public void HasParentAndName(string path, string parent, string name)
    {
        Assert.Equal(parent, ZNodePath.Parent(path));
        Assert.Equal(name, ZNodePath.Name(path).ToString());
        Assert.Equal(path, ZNodePath.Append(parent, name));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("")]
    [InlineData("a")]
    public void HasNoParent(string path) => Assert.Throws<ArgumentException>(() => ZNodePath.Parent(path));

    [Theory]
    [InlineData("/")]
    [InlineData("/a", "a")]
    [InlineData("/a/bc/d", "a", "bc", "d")]
    [InlineData("/a/", "a", "")]
    [InlineData("//a", "", "a")]
    [InlineData("//", "", "")]
    [InlineData("a", "")]
    [InlineData("", "")]
    public void HasComponents(string path, params string[] expected)
    {
        var names = new List<string>();
        foreach (var name in ZNodePath.Components(path))
            names.Add(name.ToString());

        Assert.Equal(expected, names);
    }

    [Fact]
    public void EnumeratesComponentsWithoutAllocating()
    {
        var path = "/service/workers/n0000000001";
        var total = TotalLength(path);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var again = TotalLength(path);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(path.Length - 3, total);
        Assert.Equal(total, again);
        Assert.Equal(0, allocated);
    }

    private static int TotalLength(ReadOnlySpan<char> path)
    {
        var total = 0;
        foreach (var name in ZNodePath.Components(path))
            total += name.Length;
        return total;
    }
}
