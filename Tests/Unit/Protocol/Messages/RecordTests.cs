using OrleansKeeper.Protocol.Jute;
using OrleansKeeper.Protocol.Messages;

namespace OrleansKeeper.Tests.Unit.Protocol.Messages;

public sealed class RecordTests
{
    private static readonly byte[] Trailing = [1, 2, 3];

    public static TheoryData<int, string> Samples() => SamplesWhere(_ => true);

    public static TheoryData<int, string> SamplesWithAllFields() =>
        SamplesWhere(record => record is not (ConnectRequest { HasReadOnly: false } or ConnectResponse { HasReadOnly: false }));

    [Fact]
    public void EveryRecordHasASample()
    {
        var records = typeof(IJuteRecord<>).Assembly.GetTypes()
            .Where(type => type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IJuteRecord<>)));
        var sampled = RecordSamples.All.Select(sample => sample.Record.GetType());

        Assert.Empty(records.Except(sampled));
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void IsReadAsItWasWritten(int index, string name)
    {
        var sample = RecordSamples.All[index];

        Assert.Equal(name, sample.Record.GetType().Name);
        Assert.Equal(sample.Size, sample.Bytes.Length);
        Assert.Equivalent(sample.Record, sample.Parse(sample.Bytes), strict: true);
        Assert.Equal(sample.Bytes, sample.ParseAndWrite(sample.Bytes));
    }

    [Theory]
    [MemberData(nameof(SamplesWithAllFields))]
    public void IgnoresBytesThatFollow(int index, string name)
    {
        var sample = RecordSamples.All[index];

        Assert.Equal(name, sample.Record.GetType().Name);
        Assert.Equal(sample.Bytes, sample.ParseAndWrite([.. sample.Bytes, .. Trailing]));
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void IsRefusedTruncatedAnywhere(int index, string name)
    {
        var sample = RecordSamples.All[index];
        for (var length = 0; length < sample.Bytes.Length; length++)
        {
            var truncated = sample.Bytes[..length];
            if (length == sample.Bytes.Length - 1 && LosesOptionalField(sample.Record))
                Assert.Equal(truncated, sample.ParseAndWrite(truncated));
            else
                Assert.True(Refuses(sample, truncated), $"{name} was read from {length} of its {sample.Bytes.Length} bytes.");
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void DamagedIsReadOrRefusedButFailsInNoOtherWay(int index, string name)
    {
        var sample = RecordSamples.All[index];
        byte[] extremes = [0x00, 0x01, 0x7F, 0x80, 0xFF];
        foreach (var extreme in extremes)
        {
            for (var start = 0; start < Math.Min(sample.Bytes.Length, 256); start++)
            {
                for (var length = 1; length <= 4 && start + length <= sample.Bytes.Length; length++)
                {
                    var damaged = sample.Bytes.ToArray();
                    damaged.AsSpan(start, length).Fill(extreme);
                    var failure = Record.Exception(() => sample.Parse(damaged));
                    Assert.True(
                        failure is null or JuteFormatException,
                        $"{name} damaged at {start} for {length} by {extreme:X2}: {failure}");
                }
            }
        }
    }

    private static bool Refuses(RecordSample sample, byte[] bytes) => Record.Exception(() => sample.Parse(bytes)) is JuteFormatException;

    private static TheoryData<int, string> SamplesWhere(Func<object, bool> condition)
    {
        var samples = new TheoryData<int, string>();
        for (var i = 0; i < RecordSamples.All.Count; i++)
        {
            if (condition(RecordSamples.All[i].Record))
                samples.Add(i, RecordSamples.All[i].Record.GetType().Name);
        }

        return samples;
    }

    private static bool LosesOptionalField(object record) =>
        record is ConnectRequest { HasReadOnly: true } or ConnectResponse { HasReadOnly: true };
}
