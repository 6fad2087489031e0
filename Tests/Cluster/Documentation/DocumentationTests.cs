namespace OrleansKeeper.Tests.Cluster.Documentation;

/// <summary>What the documents show compiles.</summary>
public sealed class DocumentationTests
{
    private static readonly string Root = FindRoot();

    public static TheoryData<string> Documents() =>
        [.. Directory.EnumerateFiles(Path.Combine(Root, "ClientSdk"), "*.md", SearchOption.AllDirectories)
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(folder => folder is "bin" or "obj"))
            .Append(Path.Combine(Root, "README.md"))
            .Select(path => Path.GetRelativePath(Root, path))
            .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Documents))]
    public void EveryBlockOfCSharpCompiles(string document)
    {
        var text = File.ReadAllText(Path.Combine(Root, document));

        Assert.All(CodeBlock.In(document, text), block =>
        {
            var errors = DocumentCompiler.ErrorsOf(block);
            Assert.True(errors.Count == 0, $"{block}:\n{string.Join('\n', errors)}\n\n{block.Code}");
        });
    }

    [Fact]
    public void ReadmeHasBlocksOfCSharp() =>
        Assert.NotEmpty(CodeBlock.In("README.md", File.ReadAllText(Path.Combine(Root, "README.md"))));

    [Fact]
    public void BlockThatDoesNotCompileIsFoundWithItsLineInTheDocument()
    {
        var block = Assert.Single(CodeBlock.In("Some.md", "Text.\n\n```sh\nls\n```\n\n```csharp\nvar znode = grainFactory.GetZNode();\n```\n"));

        var error = Assert.Single(DocumentCompiler.ErrorsOf(block));
        Assert.StartsWith("line 8: CS", error, StringComparison.Ordinal);
    }

    [Fact]
    public void BlockMayRelyOnSourceGenerationAndBringItsTypes()
    {
        const string Code =
            """
            using System.Text.Json.Serialization;

            var json = System.Text.Json.JsonSerializer.Serialize(new Order(1), OrderJson.Default.Order);
            await client.SyncAsync(cancellationToken);

            record Order(int Number);

            [JsonSerializable(typeof(Order))]
            partial class OrderJson : JsonSerializerContext;
            """;

        Assert.Empty(DocumentCompiler.ErrorsOf(new CodeBlock("Some.md", 1, Code)));
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Directory.Packages.props")))
                return folder.FullName;
        }
        throw new DirectoryNotFoundException($"No Directory.Packages.props above {AppContext.BaseDirectory}.");
    }
}
