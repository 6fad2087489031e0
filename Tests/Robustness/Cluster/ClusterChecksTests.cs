using OrleansKeeper.Protocol;
using OrleansKeeper.Tests.Robustness.Cluster.Faults;
using OrleansKeeper.Tests.Robustness.Cluster.Load;
using OrleansKeeper.Tests.Robustness.Histories;
using OrleansKeeper.Tests.Robustness.Load;
using static OrleansKeeper.Tests.Robustness.Cluster.ClusterRecordBuilder;

namespace OrleansKeeper.Tests.Robustness.Cluster;

/// <summary>The checks themselves: each mistake that a cluster could make is found, and what is allowed is not blamed.</summary>
public sealed class ClusterChecksTests
{
    private readonly ClusterRecordBuilder _run = new();

    [Fact]
    public void A_run_without_a_mistake_is_right()
    {
        _run.Set(0, "a");
        _run.Set(1, "b", expectedVersion: 0);
        _run.Set(1, "c", expectedVersion: 1);
        _run.LoseSet(2, "d", takesEffect: false);
        _run.Read(0);
        _run.LoseSet(2, "e", takesEffect: true);
        _run.Read(1);
        Assert.Empty(_run.Violations());
    }

    [Fact]
    public void A_lost_write_is_found()
    {
        _run.Set(0, "a");
        _run.Read(1);
        Assert.Empty(_run.Violations());

        // Acknowledged, but the next write is made on what was there before it.
        var lost = _run.Set(0, "lost");
        var next = _run.Set(1, "next");
        next.ResultVersion = lost.ResultVersion;
        AssertFound("not linearizable");
    }

    [Fact]
    public void A_write_that_took_effect_after_it_was_refused_is_found()
    {
        _run.Set(0, "a");
        var refused = _run.Set(1, "b");
        Assert.Empty(_run.Violations());
        refused.Outcome = Outcome.Refused;
        refused.Error = ErrorCode.SystemError;
        AssertFound("not linearizable");
    }

    [Fact]
    public void A_stale_read_after_sync_is_found()
    {
        var old = _run.Read(1, OperationKind.GetData);
        _run.Set(0, "a");
        var read = _run.Read(1);
        Assert.Empty(_run.Violations());
        (read.ResultData, read.ResultVersion, read.ShownZxid, read.Zxid) = (old.ResultData, old.ResultVersion, old.ShownZxid, old.Zxid);
        AssertFound("not linearizable");

        // Without a sync it may be behind another silo.
        _run.Set(0, "b");
        var unsynced = _run.Read(2, OperationKind.GetData);
        (unsynced.ResultData, unsynced.ResultVersion, unsynced.ShownZxid, unsynced.Zxid) =
            (old.ResultData, old.ResultVersion, old.ShownZxid, old.Zxid);
        Assert.DoesNotContain(_run.Violations(), violation => violation.Contains("client 2", StringComparison.Ordinal));
    }

    [Fact]
    public void A_stale_read_is_found_whatever_its_zxids_say()
    {
        _run.Set(0, "a");
        var old = _run.Read(1);
        _run.Set(0, "b");
        var read = _run.Read(1);
        (read.ResultData, read.ResultVersion) = (old.ResultData, old.ResultVersion);
        AssertFound("not linearizable");
        AssertFound("shows another value");
    }

    [Fact]
    public void A_read_that_goes_back_is_found_also_on_the_next_silo()
    {
        _run.Set(0, "a");
        var old = _run.Read(1, OperationKind.GetData);
        _run.Set(0, "b");
        _run.Read(1, OperationKind.GetData);
        _run.Move(1);
        var read = _run.Read(1, OperationKind.GetData);
        Assert.Empty(_run.Violations());
        (read.ResultData, read.ResultVersion, read.ShownZxid) = (old.ResultData, old.ResultVersion, old.ShownZxid);
        AssertFound("The session had seen");
    }

    [Fact]
    public void A_read_behind_what_another_answer_showed_is_found()
    {
        var old = _run.Read(1, OperationKind.GetData);
        _run.Set(0, "a");
        _run.CreateMember(0, "m");
        _run.List(1);
        var read = _run.Read(1, OperationKind.GetData);
        Assert.Empty(_run.Violations());
        (read.ResultData, read.ResultVersion, read.ShownZxid) = (old.ResultData, old.ResultVersion, old.ShownZxid);
        AssertFound("The session had seen");
    }

    [Fact]
    public void A_list_that_misses_or_invents_a_member_is_found()
    {
        _run.CreateMember(0, "m");
        var list = _run.List(1);
        Assert.Empty(_run.Violations());
        list.Names = [];
        AssertFound("does not show it");
        list.Names = ["m", "other"];
        AssertFound("Nobody created");
    }

    [Fact]
    public void A_write_that_overtakes_a_later_one_of_its_session_is_found()
    {
        // The silo that had it went on, and submitted it, after the client had gone elsewhere.
        var lost = _run.LoseSet(0, "early", takesEffect: false);
        _run.Move(0);
        _run.Set(0, "late");
        Assert.Empty(_run.Violations());
        _run.Set(1, lost.Data).Outcome = Outcome.Unknown;
        _run.Read(1);
        AssertFound("took effect before it");
    }

    [Fact]
    public void A_doubled_zxid_is_found()
    {
        var first = _run.Set(0, "a");
        var second = _run.Set(1, "b");
        Assert.Empty(_run.Violations());
        second.Zxid = first.Zxid;
        AssertFound("was given to several writes");
    }

    [Fact]
    public void A_lost_data_watch_is_found()
    {
        _run.Read(1, OperationKind.GetDataAndWatch);
        var change = _run.Set(0, "a");
        Assert.Empty(_run.Violations());

        // This answer knows of the change, so the event was due before it.
        _run.Read(1, OperationKind.GetData);
        AssertFound("Not told of");
    }

    [Fact]
    public void A_data_watch_that_fires_twice_late_or_unset_is_found()
    {
        _run.Read(1, OperationKind.GetDataAndWatch);
        var first = _run.Set(0, "a");
        _run.Tell(1, WatcherEventType.NodeDataChanged, Register, first.Zxid);
        _run.Read(1, OperationKind.GetData);
        Assert.Empty(_run.Violations());
        _run.Tell(1, WatcherEventType.NodeDataChanged, Register, first.Zxid);
        AssertFound("Told without a watch");

        _run.Read(2, OperationKind.GetDataAndWatch);
        _run.Set(0, "b");
        var second = _run.Set(0, "c");
        _run.Tell(2, WatcherEventType.NodeDataChanged, Register, second.Zxid);
        AssertFound("was told instead of the change before it");
    }

    [Fact]
    public void A_data_watch_that_was_lost_on_the_way_to_the_next_silo_is_found()
    {
        _run.Read(1, OperationKind.GetDataAndWatch);
        _run.Move(1);
        var change = _run.Set(0, "a");
        _run.Tell(1, WatcherEventType.NodeDataChanged, Register, change.Zxid);
        _run.SetWatches(1, Register);
        Assert.Empty(_run.Violations());

        _run.Read(2, OperationKind.GetDataAndWatch);
        _run.Move(2);
        _run.Set(0, "b");
        _run.SetWatches(2, Register);
        AssertFound("while the client was away");
    }

    [Fact]
    public void A_lost_doubled_or_disordered_event_of_a_persistent_watch_is_found()
    {
        _run.WatchMembers(1);
        var first = _run.CreateMember(0, "m");
        var second = _run.CreateMember(0, "n");
        _run.Tell(1, WatcherEventType.NodeCreated, first.Path, first.Zxid);
        _run.Tell(1, WatcherEventType.NodeCreated, second.Path, second.Zxid);
        _run.List(1);
        Assert.Empty(_run.Violations());
        _run.Tell(1, WatcherEventType.NodeCreated, first.Path, first.Zxid);
        AssertFound("Told twice");
        AssertFound("was told after");

        _run.WatchMembers(2);
        _run.CreateMember(0, "o");
        _run.List(2);
        AssertFound("Not told of");
    }

    [Fact]
    public void Two_lock_holders_are_found()
    {
        var first = Grant(0);
        first.HeldUntil = _run.Tick();
        var second = Grant(1);
        Assert.Empty(_run.Violations());
        first.HeldUntil = second.Granted + 1;
        AssertFound("Two holders");
    }

    [Fact]
    public void A_token_that_does_not_grow_and_a_write_behind_the_next_holders_are_found()
    {
        var first = Grant(0);
        first.HeldUntil = _run.Tick();
        var second = Grant(1);
        second.Writes.Add(_run.NextZxid());
        Assert.Empty(_run.Violations());
        first.Writes.Add(_run.NextZxid());
        AssertFound("wrote");

        _run.Grants.Add(new LockGrant { Client = 2, SessionId = 3, Token = first.Token, Granted = _run.Tick() });
        second.HeldUntil = _run.Grants[^1].Granted - 1;
        AssertFound("no greater token");
    }

    [Fact]
    public void A_session_that_expired_too_early_is_found()
    {
        _run.Expiries.Add(new SessionExpiry(0, 1, Timeout: 20_000, Silence: 20_001, LastHeard: 1));
        Assert.Empty(_run.Violations());
        _run.Expiries.Add(new SessionExpiry(0, 1, Timeout: 20_000, Silence: 19_999, LastHeard: 1));
        AssertFound("too early");
    }

    [Fact]
    public void A_connection_that_a_healthy_silo_ended_is_found()
    {
        _run.Read(0);
        var began = _run.Tick();
        _run.Move(0).IsEndedByServer = true;
        _run.Faults.Add(new FaultRecord(FaultKind.Kill, [0], HadSequencer: true, began, _run.Tick()));
        Assert.Empty(_run.Violations());
        _run.Read(1);
        _run.Move(1).IsEndedByServer = true;
        AssertFound("had no fault");
    }

    [Fact]
    public void A_silo_that_ends_by_itself_after_it_was_kept_from_others_is_allowed_and_ends_its_connections()
    {
        _run.Read(0);
        _run.Read(1);
        _run.Faults.Add(new FaultRecord(FaultKind.CutFromSilos, [2], HadSequencer: true, _run.Tick(), _run.Tick()));
        _run.Move(1).IsEndedByServer = true;
        AssertFound("had no fault");
        _run.Ends.Add(new SiloEnd(1, _run.Tick(), SiloEndReason.DeclaredDead));
        Assert.Empty(_run.Violations());

        // It was started again, and has no reason to end this one.
        _run.Move(0);
        Assert.Empty(_run.Violations());
        _run.Move(0).IsEndedByServer = true;
        AssertFound("had no fault");
    }

    [Fact]
    public void A_silo_that_was_declared_dead_without_a_fault_that_explains_it_is_found()
    {
        _run.Read(0);
        _run.Faults.Add(new FaultRecord(FaultKind.StallFromDatabase, [0], HadSequencer: true, _run.Tick(), _run.Tick()));
        Assert.Empty(_run.Violations());
        _run.Ends.Add(new SiloEnd(0, _run.Tick(), SiloEndReason.DeclaredDead));
        AssertFound("no fault had kept silos apart");
    }

    [Fact]
    public void A_silo_that_crashes_is_found_whatever_befell_it()
    {
        _run.Read(0);
        _run.Faults.Add(new FaultRecord(FaultKind.StallFromAll, [0], HadSequencer: true, _run.Tick(), _run.Tick()));
        Assert.Empty(_run.Violations());
        _run.Ends.Add(SiloEnd.Of(0, _run.Tick(), "Membership: nothing new.\nUnhandled exception. The replica is broken."));
        AssertFound("The replica is broken.");

        // For these it is meant to end.
        _run.Ends.Clear();
        _run.Ends.Add(SiloEnd.Of(0, _run.Tick(), "I have been told I am dead, so this silo will stop! Reason: votes."));
        _run.Ends.Add(SiloEnd.Of(0, _run.Tick(), "This silo is so far behind that the log does not reach back to it."));
        Assert.Empty(_run.Violations());
    }

    [Fact]
    public void A_silo_whose_tree_differs_is_found()
    {
        _run.Set(0, "a");
        _run.OtherTrees.Add(new Dictionary<string, TreeNode>
        {
            [ClusterRecordBuilder.Register] = new("a", new Stat(0, _run.NextZxid(), 0, 0, 1, 0, 0, 0, 0, 0, 0)),
        });
        AssertFound("trees differ");
    }

    private LockGrant Grant(int client)
    {
        var grant = new LockGrant { Client = client, SessionId = client, Token = _run.NextZxid(), Granted = _run.Tick() };
        _run.Grants.Add(grant);
        return grant;
    }

    private void AssertFound(string what) =>
        Assert.Contains(_run.Violations(), violation => violation.Contains(what, StringComparison.Ordinal));
}
