namespace OrleansKeeper.Tests.Robustness.Linearizability;

/// <summary>The search finds an order where there is one, and none where there is none.</summary>
public sealed class LinearizabilityCheckerTests
{
    private const long Never = long.MaxValue;
    private const int Calls = 5;

    private readonly List<(RegisterCall Call, long Called, long Returned)> _calls = [];

    [Fact]
    public void Overlapping_calls_may_have_either_order()
    {
        Write("a", 1, called: 1, returned: 10);
        Write("b", 2, called: 2, returned: 9);
        Read("b", 2, called: 3, returned: 8);
        Assert.Null(Check());
    }

    [Fact]
    public void A_call_does_not_pass_one_that_had_returned()
    {
        Write("a", 1, called: 1, returned: 2);
        Read("", 0, called: 3, returned: 4);
        Assert.NotNull(Check());
    }

    [Fact]
    public void Two_reads_that_disagree_on_the_order_of_writes_are_found()
    {
        Write("a", 1, called: 1, returned: 10);
        Write("b", 2, called: 1, returned: 10);
        Read("b", 2, called: 2, returned: 3);
        Read("a", 1, called: 4, returned: 5);
        Assert.NotNull(Check());
    }

    [Fact]
    public void A_write_of_unknown_outcome_may_happen_late_or_never_but_not_early()
    {
        WriteUnknown("a", called: 5);
        Read("", 0, called: 6, returned: 7);
        Assert.Null(Check());
        Read("a", 1, called: 20, returned: 21);
        Assert.Null(Check());
        Read("", 0, called: 22, returned: 23);
        Assert.NotNull(Check());

        _calls.Clear();
        Read("a", 1, called: 1, returned: 4);
        WriteUnknown("a", called: 5);
        Assert.NotNull(Check());
    }

    [Fact]
    public void A_compare_and_set_is_refused_only_at_another_version()
    {
        Write("a", 1, called: 1, returned: 2);
        Refused("b", expectedVersion: 0, called: 3, returned: 4);
        Assert.Null(Check());
        Refused("b", expectedVersion: 1, called: 5, returned: 6);
        Assert.NotNull(Check());
    }

    [Fact]
    public void Many_unknown_writes_at_once_do_not_keep_the_search_from_ending()
    {
        for (var i = 0; i < 60; i++)
            WriteUnknown($"u{i}", called: 1);
        for (var version = 10; version <= 1000; version += 10)
            Write($"w{version}", version, called: version, returned: version + 1);
        Assert.NotNull(Check());

        _calls.Clear();
        for (var i = 0; i < 60; i++)
            WriteUnknown($"u{i}", called: 1);
        for (var version = 2; version <= 120; version += 2)
            Write($"w{version}", version, called: version, returned: version + 1);
        Read("w120", 120, called: 200, returned: 201);
        Assert.Null(Check());
    }

    /// <summary>Against a search through all orders that knows no short cut, on small histories of random results.</summary>
    [Fact]
    public void Small_histories_are_judged_as_by_trying_all_orders()
    {
        var random = new Random(7);
        var (right, wrong) = (0, 0);
        for (var i = 0; i < 20_000; i++)
        {
            _calls.Clear();
            for (var call = 0; call < Calls; call++)
                AddAny(random, call);
            var expected = HasOrder(new RegisterState("", 0), [.. _calls]);
            Assert.Equal(expected, Check() is null);
            _ = expected ? right++ : wrong++;
        }

        Assert.True(right > 100 && wrong > 100, $"{right} right and {wrong} wrong histories are too few of one kind.");
    }

    private static bool HasOrder(RegisterState state, (RegisterCall Call, long Called, long Returned)[] left)
    {
        if (left.All(call => call.Returned == Never))
            return true;

        var earliest = left.Min(call => call.Returned);
        return left.Where(call => call.Called < earliest).Any(next =>
            Apply(state, next.Call) is { } after && HasOrder(after, [.. left.Where(call => call != next)]));
    }

    private static RegisterState? Apply(RegisterState state, RegisterCall call)
    {
        var written = new RegisterState(call.Value, state.Version + 1);
        var isExpected = call.ExpectedVersion < 0 || call.ExpectedVersion == state.Version;
        return call switch
        {
            { IsWrite: false } => state == new RegisterState(call.Value, call.Version ?? -1) ? state : null,
            { IsKnown: false } => isExpected ? written : null,
            { Version: null } => isExpected ? null : state,
            _ => isExpected && call.Version == written.Version ? written : null,
        };
    }

    // A value is written once.
    private void AddAny(Random random, int number)
    {
        var called = random.Next(100) * 2;
        var returned = called + random.Next(60) * 2 + 1;
        var version = random.Next(3);
        switch (random.Next(5))
        {
            case 0:
                Read(version == 0 ? "" : $"v{random.Next(Calls)}", version, called, returned);
                break;
            case 1:
                WriteUnknown($"v{number}", called);
                break;
            case 2:
                Refused("never", version, called, returned);
                break;
            default:
                Write($"v{number}", version, called, returned);
                break;
        }
    }

    private string? Check()
    {
        var checker = new LinearizabilityChecker<RegisterState, RegisterCall>(Model());
        foreach (var (call, called, returned) in _calls)
            checker.Add(call, called, returned);
        return checker.Check();
    }

    private RegisterModel Model()
    {
        var seen = new Dictionary<int, string>();
        foreach (var (call, _, _) in _calls.Where(call => call.Call is { IsKnown: true, Version: not null }))
            seen.TryAdd(call.Version!.Value, call.Value);
        return new RegisterModel(seen);
    }

    private void Write(string value, int version, long called, long returned) => Add(true, value, -1, true, version, called, returned);

    private void WriteUnknown(string value, long called) => Add(true, value, -1, false, null, called, Never);

    private void Refused(string value, int expectedVersion, long called, long returned) =>
        Add(true, value, expectedVersion, true, null, called, returned);

    private void Read(string value, int version, long called, long returned) => Add(false, value, -1, true, version, called, returned);

    private void Add(bool isWrite, string value, int expectedVersion, bool isKnown, int? version, long called, long returned) =>
        _calls.Add((new RegisterCall(isWrite, value, expectedVersion, isKnown, version, $"{value}@{version}"), called, returned));
}
