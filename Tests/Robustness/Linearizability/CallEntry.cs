namespace OrleansKeeper.Tests.Robustness.Linearizability;

/// <summary>The begin or the end of an operation, in a list of all of them by time.</summary>
internal sealed class CallEntry<TOperation>(int number, TOperation operation, bool isCall)
{
    /// <summary>Counts the operations.</summary>
    public int Number { get; } = number;

    public TOperation Operation { get; } = operation;

    public bool IsCall { get; } = isCall;

    /// <summary>Of a call, the entry of its return; null when it never returned.</summary>
    public CallEntry<TOperation>? Return { get; set; }

    public CallEntry<TOperation>? Previous { get; set; }

    public CallEntry<TOperation>? Next { get; set; }

    /// <summary>Takes an operation out of the list.</summary>
    public void Lift()
    {
        Unlink();
        Return?.Unlink();
    }

    /// <summary>Puts it back to where it was.</summary>
    public void Unlift()
    {
        Return?.Link();
        Link();
    }

    private void Unlink()
    {
        Previous!.Next = Next;
        if (Next is not null)
            Next.Previous = Previous;
    }

    private void Link()
    {
        Previous!.Next = this;
        if (Next is not null)
            Next.Previous = this;
    }
}
