namespace OrleansKeeper.Tests.Cluster.Documentation;

/// <summary>A piece of C# in a document.</summary>
/// <param name="Document">The document, from the repository's root.</param>
/// <param name="Line">The line on which the block begins, counted from 1.</param>
/// <param name="Code">The code.</param>
public sealed record CodeBlock(string Document, int Line, string Code)
{
    private const string Fence = "```";

    /// <summary>The blocks of a document that are marked as <c>csharp</c>.</summary>
    public static IEnumerable<CodeBlock> In(string document, string text)
    {
        List<string>? block = null;
        var isCode = false;
        var start = 0;
        foreach (var (index, line) in text.Split('\n').Index())
        {
            if (block is null && line.StartsWith(Fence, StringComparison.Ordinal))
            {
                isCode = line.Trim() == Fence + "csharp";
                block = [];
                start = index + 1;
            }
            else if (block is not null && line.Trim() == Fence)
            {
                if (isCode)
                    yield return new CodeBlock(document, start, string.Join('\n', block));
                block = null;
            }
            else
            {
                block?.Add(line);
            }
        }
        if (block is not null)
            throw new FormatException($"The block that begins on line {start} of {document} does not end.");
    }

    public override string ToString() => $"{Document}, line {Line}";
}
