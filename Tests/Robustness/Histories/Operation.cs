using System.Globalization;
using System.Text.Json.Serialization;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Tests.Robustness.Histories;

/// <summary>
/// One request of a client and what became of it. Invoked and returned count in one order over all clients, so that
/// <c>a.Returned &lt; b.Invoked</c> means that a's answer was there before b was sent.
/// </summary>
internal sealed class Operation
{
    public required int Client { get; init; }

    public required long SessionId { get; init; }

    /// <summary>Counts the connections of the client; what one connection lost is one suffix of its requests.</summary>
    public required int Connection { get; init; }

    public required OperationKind Kind { get; init; }

    public string Path { get; init; } = "";

    public string SecondPath { get; init; } = "";

    public string Data { get; init; } = "";

    public int ExpectedVersion { get; init; } = -1;

    public required long Invoked { get; init; }

    public long Returned { get; set; } = long.MaxValue;

    public Outcome Outcome { get; set; }

    public ErrorCode Error { get; set; }

    public long Zxid { get; set; }

    /// <summary>The name that a sequential create was given.</summary>
    public string CreatedPath { get; set; } = "";

    /// <summary>The version that the reply names; of a list, the number of changes of the children.</summary>
    public int ResultVersion { get; set; }

    /// <summary>The version that the reply names for <see cref="SecondPath"/>.</summary>
    public int SecondVersion { get; set; }

    /// <summary>What a read returned.</summary>
    public string ResultData { get; set; } = "";

    /// <summary>The transaction that made what a read showed: the last change of the data, or of the children.</summary>
    public long ShownZxid { get; set; }

    /// <summary>The children that a list showed.</summary>
    public string[] Names { get; set; } = [];

    /// <summary>How many events the connection had got before the reply.</summary>
    public int EventsBefore { get; set; }

    [JsonIgnore]
    public bool IsWrite => Kind is not (
        OperationKind.GetData or OperationKind.GetDataAndWatch or OperationKind.SyncAndGetData or OperationKind.GetChildren
        or OperationKind.AddWatch or OperationKind.SetWatches);

    /// <summary>Whether an answer came, whatever it said.</summary>
    [JsonIgnore]
    public bool IsAnswered => Returned != long.MaxValue;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"client {Client} session 0x{SessionId:x} connection {Connection} [{Invoked}, {(Returned == long.MaxValue ? "lost" : Returned)}] " +
        $"{Kind} {Path} {SecondPath} expects {ExpectedVersion} data '{Data}' -> " +
        $"{Outcome} {Error} zxid 0x{Zxid:x} {CreatedPath} version {ResultVersion} '{ResultData}'");
}
