using OrleansKeeper.Grains.Storage;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Tests.Unit.Storage;

/// <summary>Claims epochs in competition with others, appends until it is fenced, and keeps what it was told was appended.</summary>
internal sealed class CompetingOwner(ITransactionLog log, string name)
{
    private const int BatchesInTenure = 20;

    private readonly List<LogBatch> _appended = [];

    public static IEnumerable<LogBatch> AppendedBy(IEnumerable<CompetingOwner> owners) =>
        owners.SelectMany(owner => owner._appended).OrderBy(batch => batch.LastZxid);

    /// <summary>Claims so many epochs, one after the other.</summary>
    public Task CompeteAsync(int tenures) => Task.Run(async () =>
    {
        for (; tenures > 0; tenures--)
            AppendUntilFenced(await ClaimAsync(), await log.ReadLastZxidAsync());
    });

    private async Task<int> ClaimAsync()
    {
        while (true)
        {
            var ledger = await log.ReadLedgerAsync();
            if (await log.TryClaimEpochAsync(ledger.Epoch, name))
                return ledger.Epoch + 1;
        }
    }

    private void AppendUntilFenced(int epoch, long lastZxid)
    {
        // Somebody else was faster already: there is nothing that it could append.
        if (Zxid.EpochOf(lastZxid) > epoch)
            return;

        for (var counter = 1; counter <= BatchesInTenure; counter++)
        {
            var batch = LogFixture.Batch(epoch, counter, counter);
            var outcome = log.Append(epoch, lastZxid, batch, out _);
            if (outcome == AppendOutcome.Fenced)
                return;

            Assert.Equal(AppendOutcome.Appended, outcome);
            _appended.Add(batch);
            lastZxid = batch.LastZxid;
        }
    }
}
