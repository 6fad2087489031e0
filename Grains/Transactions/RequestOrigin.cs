namespace OrleansKeeper.Grains.Transactions;

/// <summary>
/// Which silo's request a transaction answers: a silo reads from the feed which of its requests were decided,
/// also after the sequencer that decided them died (rule R9).
/// </summary>
/// <param name="Submitter">The submitting silo's name for this life of it.</param>
/// <param name="Number">The request's number at that silo.</param>
internal readonly record struct RequestOrigin(string Submitter, long Number);
