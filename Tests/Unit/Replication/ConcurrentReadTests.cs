using System.Buffers.Binary;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Transactions;
using OrleansKeeper.Grains.Watches;
using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Tests.Unit.Replication;

/// <summary>Rule R4 under concurrency: what a reader sees is some prefix of the log, while transactions are applied as fast as they can be.</summary>
public sealed class ConcurrentReadTests
{
    private const int Transactions = 40_000;

    private readonly Replica _replica = new();
    private readonly TaskCompletionSource _reading = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isOver;

    public ConcurrentReadTests()
    {
        _replica.Begin(new(0, 0, 1), [], [], [], long.MaxValue);
        _replica.CompleteLoad(_replica.BeginLoad("/")!, ModelTree.Root);
    }

    [Fact]
    public async Task ReaderNeverSeesHalfOfAMulti()
    {
        var model = new ModelTree();
        var log = new List<Transaction> { model.Create("/a", Number(0)).Create("/b", Number(0)).Commit() };
        for (var i = 1; i < Transactions; i++)
            log.Add(model.SetData("/a", Number(i)).SetData("/b", Number(i)).Commit());
        Apply(log[0]);

        var reader = Task.Run(() =>
        {
            var compared = 0;
            while (!Volatile.Read(ref _isOver))
            {
                var a = _replica.Find("/a");
                var b = _replica.Find("/b");
                Assert.True(Number(b) >= Number(a), "b is older than a although it was read later.");
                Assert.Equal(a.Watermark, a.Node!.Mzxid);
                if (a.Watermark != b.Watermark)
                    continue;

                Assert.Equal(Number(a), Number(b));
                compared++;
                _reading.TrySetResult();
            }

            return compared;
        });
        await _reading.Task.WaitAsync(TimeSpan.FromSeconds(30));
        ApplyAll(log.Skip(1));
        Assert.True(await reader > 0, "No two reads fell between two transactions: nothing was compared.");
    }

    [Fact]
    public async Task ReaderNeverSeesHalfOfAMoveOrNeither()
    {
        var model = new ModelTree();
        var log = new List<Transaction> { model.Create("/left").Commit() };
        for (var i = 1; i < Transactions; i++)
            log.Add(i % 2 == 1 ? model.Delete("/left").Create("/right").Commit() : model.Delete("/right").Create("/left").Commit());
        Apply(log[0]);

        var reader = Task.Run(() =>
        {
            while (!Volatile.Read(ref _isOver))
            {
                var left = _replica.Find("/left");
                var right = _replica.Find("/right");
                Assert.NotEqual(Residency.NotResident, left.Residency);
                if (left.Watermark == right.Watermark && _replica.Watermark == left.Watermark)
                    Assert.NotEqual(left.Residency, right.Residency);
                _reading.TrySetResult();
            }
        });
        await _reading.Task.WaitAsync(TimeSpan.FromSeconds(30));
        ApplyAll(log.Skip(1));
        await reader;
    }

    [Fact]
    public async Task ListedChildrenAreThoseOfOneMoment()
    {
        const int Staying = 400;
        const int Moving = 64;
        var model = new ModelTree();
        model.Create("/p");
        for (var i = 0; i < Staying; i++)
            model.Create($"/p/staying{i}");
        var log = new List<Transaction> { model.Commit() };

        // Two at a time go round: at every moment some m is there alone or with the one behind it.
        log.Add(model.Create("/p/0").Commit());
        for (var i = 1; i < Transactions / 2; i++)
        {
            log.Add(model.Create($"/p/{i % Moving}").Commit());
            log.Add(model.Delete($"/p/{(i - 1) % Moving}").Commit());
        }

        Apply(log[0]);
        Apply(log[1]);
        var readers = Enumerable.Range(0, 2).Select(reader => Task.Run(() =>
        {
            while (!Volatile.Read(ref _isOver))
            {
                var listing = ChildNames.List(_replica.Tree, "/p", out var parent, out _)!;
                var moving = NamesOf(listing).Where(name => char.IsDigit(name[0])).Select(int.Parse).ToArray();
                Assert.Equal(parent.Node!.NumChildren, Staying + moving.Length);
                Assert.Equal(parent.Node.Pzxid, listing.Pzxid);

                // Behind the two of the start, even ones create i and odd ones delete what was before it.
                var created = (int)(parent.Watermark - 1) / 2;
                int[] expected = parent.Watermark % 2 == 1 && created > 0 ? [(created - 1) % Moving, created % Moving] : [created % Moving];
                Assert.Equal(expected.Order(), moving.Order());
                _reading.TrySetResult();
            }
        })).ToArray();
        await _reading.Task.WaitAsync(TimeSpan.FromSeconds(30));
        ApplyAll(log.Skip(2));
        await Task.WhenAll(readers);
    }

    private static byte[] Number(int value)
    {
        var data = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(data, value);
        return data;
    }

    private static int Number(Found found) => BinaryPrimitives.ReadInt32LittleEndian(found.Node!.Data);

    private static string[] NamesOf(ChildListing listing)
    {
        var reader = new JuteReader(listing.Names);
        var names = new string[reader.ReadInt()];
        for (var i = 0; i < names.Length; i++)
            names[i] = reader.ReadString()!;
        return names;
    }

    private void Apply(Transaction transaction) => _replica.Apply(transaction, new DeliveryRound());

    private void ApplyAll(IEnumerable<Transaction> transactions)
    {
        try
        {
            foreach (var transaction in transactions)
                Apply(transaction);
        }
        finally
        {
            Volatile.Write(ref _isOver, true);
        }
    }
}
