using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;

namespace OrleansKeeper.Tests.Cluster.Documentation;

/// <summary>Loads source generators into the test program.</summary>
internal sealed class GeneratorLoader : IAnalyzerAssemblyLoader
{
    public void AddDependencyLocation(string fullPath)
    {
    }

    public Assembly LoadFromPath(string fullPath) => AssemblyLoadContext.Default.LoadFromAssemblyPath(fullPath);
}
