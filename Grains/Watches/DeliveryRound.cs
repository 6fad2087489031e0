namespace OrleansKeeper.Grains.Watches;

/// <summary>
/// Collects what was written to while a batch of transactions was applied, so that each connection is flushed once for the batch
/// and not once for each event and reply.
/// </summary>
internal sealed class DeliveryRound
{
    private readonly List<IFlushable> _touched = [];

    public void Touch(IFlushable output)
    {
        if (!output.IsInRound)
        {
            output.IsInRound = true;
            _touched.Add(output);
        }
    }

    public void Flush()
    {
        foreach (var output in _touched)
        {
            output.IsInRound = false;
            output.Flush();
        }

        _touched.Clear();
    }
}
