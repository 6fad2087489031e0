using OrleansKeeper.Tests.Robustness.Histories;
using OrleansKeeper.Tests.Robustness.Load;
using static OrleansKeeper.Tests.Robustness.Histories.HistoryBuilder;

namespace OrleansKeeper.Tests.Robustness;

/// <summary>The checks themselves: each kind of damage that a crash could do is found, and what is allowed is not blamed.</summary>
public sealed class HistoryChecksTests
{
    private readonly HistoryBuilder _run = new();

    [Fact]
    public void What_was_acknowledged_and_is_there_is_right()
    {
        _run.Acknowledged(OperationKind.Create, Owned(0), zxid: 1, data: "a");
        _run.Acknowledged(OperationKind.SetData, Owned(0), zxid: 2, data: "b", version: 1);
        _run.Acknowledged(OperationKind.CreateSequential, LoadPaths.QueueEntryPrefix, zxid: 3, data: "c", created: Entry(0));
        _run.Tree[Owned(0)] = Node("b", 1, 2, version: 1);
        _run.Tree[Entry(0)] = Node("c", 3, 3);
        Assert.Empty(_run.Violations());
    }

    [Fact]
    public void An_acknowledged_create_that_is_gone_is_found()
    {
        _run.Acknowledged(OperationKind.Create, Owned(0), zxid: 1, data: "a");
        Assert.NotEmpty(_run.Violations());
    }

    [Fact]
    public void An_acknowledged_delete_that_came_back_is_found()
    {
        _run.Acknowledged(OperationKind.Create, Owned(0), zxid: 1, data: "a");
        _run.Acknowledged(OperationKind.Delete, Owned(0), zxid: 2);
        Assert.Empty(_run.Violations());
        _run.Tree[Owned(0)] = Node("a", 1, 1);
        Assert.NotEmpty(_run.Violations());
    }

    [Fact]
    public void An_acknowledged_write_that_is_gone_is_found()
    {
        _run.Acknowledged(OperationKind.Create, Owned(0), zxid: 1, data: "a");
        _run.Acknowledged(OperationKind.SetData, Owned(0), zxid: 2, data: "b", version: 1);
        _run.Tree[Owned(0)] = Node("a", 1, 1);
        Assert.NotEmpty(_run.Violations());
    }

    [Fact]
    public void Lost_requests_may_have_happened_but_only_the_first_of_them()
    {
        _run.Lost(OperationKind.Create, Owned(0), data: "a");
        _run.Lost(OperationKind.Create, Owned(1), data: "b");
        Assert.Empty(_run.Violations());
        _run.Tree[Owned(0)] = Node("a", 1, 1);
        Assert.Empty(_run.Violations());
        _run.Tree[Owned(1)] = Node("b", 2, 2);
        Assert.Empty(_run.Violations());
        _run.Tree.Remove(Owned(0));
        Assert.NotEmpty(_run.Violations());
    }

    [Fact]
    public void Half_a_multi_is_found()
    {
        _run.Lost(OperationKind.CreateBoth, Owned(0), Owned(1), "a");
        _run.Tree[Owned(0)] = Node("a", 1, 1);
        Assert.NotEmpty(_run.Violations());
        _run.Tree[Owned(1)] = Node("a", 1, 1);
        Assert.Empty(_run.Violations());
    }

    [Fact]
    public void Ephemerals_stay_with_their_session_and_go_with_it()
    {
        _run.Acknowledged(OperationKind.CreateEphemeral, Owned(0), zxid: 1, data: "a");
        Assert.NotEmpty(_run.Violations());
        _run.Tree[Owned(0)] = Node("a", 1, 1, owner: Session);
        Assert.Empty(_run.Violations());
        _run.Acknowledged(OperationKind.CloseSession, "", zxid: 2);
        Assert.NotEmpty(_run.Violations());
        _run.Tree.Remove(Owned(0));
        Assert.Empty(_run.Violations());
    }

    [Fact]
    public void A_zxid_given_twice_is_found()
    {
        _run.Acknowledged(OperationKind.Create, Owned(0), zxid: 1, data: "a").Returned = 10;
        _run.Acknowledged(OperationKind.Delete, Owned(0), zxid: 1);
        Assert.Contains(_run.Violations(), violation => violation.Contains("several writes", StringComparison.Ordinal));
    }

    [Fact]
    public void A_zxid_that_goes_back_in_real_time_is_found()
    {
        _run.Acknowledged(OperationKind.Create, Owned(0), zxid: 5, data: "a");
        _run.Acknowledged(OperationKind.Delete, Owned(0), zxid: 4);
        Assert.Contains(_run.Violations(), violation => violation.Contains("after the answer", StringComparison.Ordinal));
    }

    [Fact]
    public void A_sequential_create_that_happened_twice_is_found()
    {
        _run.Lost(OperationKind.CreateSequential, LoadPaths.QueueEntryPrefix, data: "a");
        _run.Tree[Entry(0)] = Node("a", 1, 1);
        Assert.Empty(_run.Violations());
        _run.Tree[Entry(1)] = Node("a", 2, 2);
        Assert.NotEmpty(_run.Violations());
    }

    [Fact]
    public void A_sequence_that_goes_back_is_found()
    {
        _run.Lost(OperationKind.CreateSequential, LoadPaths.QueueEntryPrefix, data: "a");
        _run.Lost(OperationKind.CreateSequential, LoadPaths.QueueEntryPrefix, data: "b");
        _run.Tree[Entry(1)] = Node("a", 1, 1);
        _run.Tree[Entry(0)] = Node("b", 2, 2);
        Assert.NotEmpty(_run.Violations());
    }

    [Fact]
    public void A_version_with_two_values_is_found()
    {
        var register = LoadPaths.Register(0);
        _run.Acknowledged(OperationKind.GetData, register, zxid: 1, version: 1, read: "seen");
        _run.Lost(OperationKind.SetData, register, data: "seen");
        _run.Lost(OperationKind.SetData, register, data: "other");
        _run.Tree[register] = Node("other", 0, 2, version: 1);
        Assert.NotEmpty(_run.Violations());
        _run.Tree[register] = Node("seen", 0, 2, version: 1);
        Assert.Empty(_run.Violations());
    }

    [Fact]
    public void A_stale_read_is_found()
    {
        var register = LoadPaths.Register(0);
        _run.Acknowledged(OperationKind.SetData, register, zxid: 1, data: "new", version: 1);
        _run.Tree[register] = Node("new", 0, 1, version: 1);
        Assert.Empty(_run.Violations());
        _run.Acknowledged(OperationKind.GetData, register, zxid: 1, version: 0);
        Assert.NotEmpty(_run.Violations());
    }

    [Fact]
    public void A_register_that_lost_or_gained_a_write_is_found()
    {
        var register = LoadPaths.Register(0);
        _run.Acknowledged(OperationKind.SetData, register, zxid: 1, data: "a", version: 1);
        Assert.NotEmpty(_run.Violations());
        _run.Tree[register] = Node("a", 0, 1, version: 2);
        Assert.NotEmpty(_run.Violations());
        _run.Tree[register] = Node("a", 0, 1, version: 1);
        Assert.Empty(_run.Violations());
    }

    private static string Entry(int number) => $"{LoadPaths.QueueEntryPrefix}{number:D10}";
}
