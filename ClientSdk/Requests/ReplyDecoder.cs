using OrleansKeeper.Protocol.Jute;
using OrleansKeeper.Protocol.Messages;

namespace OrleansKeeper.ClientSdk.Requests;

/// <summary>Makes a result from a reply.</summary>
/// <param name="header">The reply's header.</param>
/// <param name="body">Its body; empty when the header has an error.</param>
internal delegate TResult ReplyDecoder<out TResult>(in ReplyHeader header, ref JuteReader body);
