namespace OrleansKeeper.Grains.Watches;

/// <summary>Something that a <see cref="DeliveryRound"/> flushes at its end.</summary>
internal interface IFlushable
{
    /// <summary>Belongs to the round: already noted to be flushed.</summary>
    bool IsInRound { get; set; }

    void Flush();
}
