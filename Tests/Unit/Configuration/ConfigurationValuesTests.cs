using OrleansKeeper.ClientSdk.Configuration;

namespace OrleansKeeper.Tests.Unit.Configuration;

public sealed class ConfigurationValuesTests
{
    [Fact]
    public void PathsBelowTheRootBecomeKeys()
    {
        var values = Values(
            parseJson: false,
            ("/config/app", "", true),
            ("/config/app/Logging", "", true),
            ("/config/app/Logging/Level", "Debug", false),
            ("/config/app/Name", "shop", false));

        Assert.Equal([("Logging:Level", "Debug"), ("Name", "shop")], Sorted(values));
    }

    [Fact]
    public void ZNodeWithoutDataIsAnEmptyValueOnlyWhenNothingIsBelowIt()
    {
        var values = Values(parseJson: false, ("/config/app", "", true), ("/config/app/Section", "", true), ("/config/app/Section/Empty", "", false));

        Assert.Equal([("Section:Empty", "")], Sorted(values));
    }

    [Fact]
    public void ZNodeWithDataAndChildrenIsAValueAndASection()
    {
        var values = Values(parseJson: false, ("/config/app/A", "1", true), ("/config/app/A/B", "2", false));

        Assert.Equal([("A", "1"), ("A:B", "2")], Sorted(values));
    }

    [Fact]
    public void KeysDoNotDependOnCase() =>
        Assert.Equal("x", Values(parseJson: false, ("/config/app/Name", "x", false))["nAME"]);

    [Fact]
    public void RootMayBeTheServicesRoot() =>
        Assert.Equal([("a:b", "x")], Sorted(ConfigurationValues.Of("/", [new("/", "", true), new("/a", "", true), new("/a/b", "x", false)], parseJson: false)));

    [Fact]
    public void JsonObjectIsASectionWhereItIsAskedFor()
    {
        const string Json = """{ "Level": "Debug", "Rules": [ { "Name": "a" }, "b" ], "Off": null, /* as in an appsettings.json */ }""";

        Assert.Equal([("Logging", Json)], Sorted(Values(parseJson: false, ("/config/app/Logging", Json, false))));
        Assert.Equal(
            [("Logging:Level", "Debug"), ("Logging:Off", null), ("Logging:Rules:0:Name", "a"), ("Logging:Rules:1", "b")],
            Sorted(Values(parseJson: true, ("/config/app/Logging", Json, false))));
    }

    [Fact]
    public void JsonInTheRootItselfIsTheWholeConfiguration() =>
        Assert.Equal([("A:B", "1")], Sorted(Values(parseJson: true, ("/config/app", """ {"A":{"B":1}}""", false))));

    [Fact]
    public void TextStaysTextBesideJson() =>
        Assert.Equal(
            [("A", "[1]"), ("B", "\"x\""), ("C", "1")],
            Sorted(Values(parseJson: true, ("/config/app/A", "[1]", false), ("/config/app/B", "\"x\"", false), ("/config/app/C", "1", false))));

    [Fact]
    public void MalformedJsonIsRefusedByTheZNodesName()
    {
        var exception = Assert.Throws<FormatException>(() => Values(parseJson: true, ("/config/app/Logging", "{ \"Level\": ", false)));

        Assert.Contains("/config/app/Logging", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/config/app/A", """{"B":1}""", "/config/app/A/B", "2")]
    [InlineData("/config/app/NAME", "1", "/config/app/name", "2")]
    public void TwoZNodesWithOneKeyAreRefusedByTheirNames(string path, string data, string otherPath, string otherData)
    {
        var exception = Assert.Throws<FormatException>(() => Values(parseJson: true, (path, data, false), (otherPath, otherData, false)));

        Assert.Contains(path, exception.Message, StringComparison.Ordinal);
        Assert.Contains(otherPath, exception.Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, string?> Values(bool parseJson, params (string Path, string Text, bool HasChildren)[] znodes) =>
        ConfigurationValues.Of("/config/app", znodes.Select(znode => new ConfigurationZNode(znode.Path, znode.Text, znode.HasChildren)), parseJson);

    private static IEnumerable<(string, string?)> Sorted(Dictionary<string, string?> values) =>
        values.Select(pair => (pair.Key, pair.Value)).OrderBy(pair => pair.Key, StringComparer.Ordinal);
}
