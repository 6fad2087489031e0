namespace OrleansKeeper.Tests.Cluster.Recipes.Checking;

/// <summary>A resource outside the service that a recipe protects: it refuses a token smaller than the greatest that it has seen.</summary>
internal sealed class FencedRegister
{
    private readonly Lock _lock = new();
    private long _greatest;

    /// <summary>How often a write was refused.</summary>
    public int Refusals { get; private set; }

    /// <summary>Whether the write was accepted.</summary>
    public bool TryWrite(long token)
    {
        lock (_lock)
        {
            if (token < _greatest)
            {
                Refusals++;
                return false;
            }

            _greatest = token;
            return true;
        }
    }
}
