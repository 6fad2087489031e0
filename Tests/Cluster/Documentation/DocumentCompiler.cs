using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace OrleansKeeper.Tests.Cluster.Documentation;

/// <summary>Compiles blocks of documents against everything that this test program is built from.</summary>
internal static class DocumentCompiler
{
    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.Latest);

    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>The compiler's errors, with lines as they are in the document; empty when there are none.</summary>
    public static IReadOnlyList<string> ErrorsOf(CodeBlock block)
    {
        var code = CSharpSyntaxTree.ParseText(block.Code, ParseOptions);
        var context = CSharpSyntaxTree.ParseText(CodeBlockContext.Source, ParseOptions);
        var isProgram = code.GetCompilationUnitRoot().Members.Any(member => member is GlobalStatementSyntax);
        var compilation = CSharpCompilation.Create(
            "Document",
            [context, code],
            References,
            new CSharpCompilationOptions(
                isProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
                nullableContextOptions: NullableContextOptions.Enable));
        CSharpGeneratorDriver
            .Create(SourceGenerators(), parseOptions: ParseOptions)
            .RunGeneratorsAndUpdateCompilation(compilation, out var generated, out _);
        return
        [
            .. generated.GetDiagnostics()
                .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
                .Select(diagnostic => $"line {LineOf(diagnostic, code, block)}: {diagnostic.Id}: {diagnostic.GetMessage()}"),
        ];
    }

    /// <summary>The generators of .NET that blocks may rely on; the build copies them beside the test program.</summary>
    private static IEnumerable<ISourceGenerator> SourceGenerators()
    {
        var loader = new GeneratorLoader();
        return Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "generators"), "*.dll")
            .SelectMany(path => new AnalyzerFileReference(path, loader).GetGenerators(LanguageNames.CSharp));
    }

    private static int LineOf(Diagnostic diagnostic, SyntaxTree code, CodeBlock block) =>
        diagnostic.Location.SourceTree == code ? block.Line + 1 + diagnostic.Location.GetLineSpan().StartLinePosition.Line : block.Line;
}
