using System.Threading.Channels;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Recipes.Caching;

/// <summary>
/// Reads a subtree with a bounded number of reads at once: one for a leaf, two for a znode with children. Not a picture of one moment: a watch that was
/// set before tells of what changed meanwhile.
/// </summary>
internal sealed class TreeLoader(TreeCacheSource source, string rootPath, TreeCacheOptions options)
{
    private readonly Channel<LoadingNode> _toRead = Channel.CreateUnbounded<LoadingNode>();
    private readonly List<LoadingNode> _nodes = [];
    private int _remaining;

    public async Task<TreeView> LoadAsync(CancellationToken cancellationToken)
    {
        var root = new LoadingNode(rootPath, Depth: 0);
        Enqueue([root]);
        await Task.WhenAll(Enumerable.Range(0, options.MaxConcurrentReads).Select(_ => ReadAllAsync(cancellationToken))).ConfigureAwait(false);

        // Children come behind their parents, so that backwards each one is complete before its parent.
        for (var i = _nodes.Count - 1; i >= 0; i--)
            _nodes[i].Assemble();
        return new TreeView(rootPath, root.Entry);
    }

    private void Enqueue(LoadingNode[] nodes)
    {
        Interlocked.Add(ref _remaining, nodes.Length);
        lock (_nodes)
        {
            _nodes.AddRange(nodes);
        }

        foreach (var node in nodes)
            _toRead.Writer.TryWrite(node);
    }

    private async Task ReadAllAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var node in _toRead.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                await ReadAsync(node, cancellationToken).ConfigureAwait(false);
                if (Interlocked.Decrement(ref _remaining) == 0)
                    _toRead.Writer.TryComplete();
            }
        }
        catch (Exception exception)
        {
            _toRead.Writer.TryComplete(exception);
            throw;
        }
    }

    private async Task ReadAsync(LoadingNode node, CancellationToken cancellationToken)
    {
        node.Content = await source.ReadAsync(node.Path, cancellationToken).ConfigureAwait(false);
        if (node.Content is not { Stat.NumChildren: > 0 } || node.Depth >= options.MaxDepth || options.TraverseChildren?.Invoke(node.Path) == false)
            return;

        var names = await source.ReadChildrenAsync(node.Path, cancellationToken).ConfigureAwait(false);
        node.Children =
        [
            .. names.Select(name => ZNodePath.Append(node.Path, name))
                .Where(path => options.AcceptChild?.Invoke(path) != false)
                .Select(path => new LoadingNode(path, node.Depth + 1)),
        ];
        Enqueue(node.Children);
    }

    private sealed record LoadingNode(string Path, int Depth)
    {
        public ZNodeContent? Content { get; set; }

        public LoadingNode[] Children { get; set; } = [];

        public TreeCacheEntry? Entry { get; private set; }

        public void Assemble()
        {
            if (Content is not { } content)
                return;
            var children = TreeCacheEntry.NoChildren;
            if (Children.Length > 0)
            {
                children = children.AddRange(Children.Where(child => child.Entry is not null)
                    .Select(child => KeyValuePair.Create(ZNodePath.Name(child.Path).ToString(), child.Entry!)));
            }

            Entry = new TreeCacheEntry(Path, content, children);
        }
    }
}
