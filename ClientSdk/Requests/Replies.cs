using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Messages;

namespace OrleansKeeper.ClientSdk.Requests;

/// <summary>What replies say, for the decoding of requests.</summary>
internal static class Replies
{
    public static readonly ReplyDecoder<bool> Nothing = (in _, ref _) => true;

    public static readonly ReplyDecoder<Stat?> Exists = (in header, ref body) =>
        header.Error == ErrorCode.NoNode ? null : ExistsResponse.Read(ref body).Stat;

    public static readonly ReplyDecoder<ZNodeContent> Content = (in _, ref body) =>
    {
        var response = GetDataResponse.Read(ref body);
        return new ZNodeContent(response.Data, response.Stat);
    };

    public static readonly ReplyDecoder<ZNodeChildren> Children = (in _, ref body) =>
    {
        var response = GetChildren2Response.Read(ref body);
        return new ZNodeChildren(response.Children ?? [], response.Stat);
    };

    /// <summary>The Stat of a znode whose data or list was set.</summary>
    public static readonly ReplyDecoder<Stat> NewStat = (in _, ref body) => Stat.Read(ref body);

    public static readonly ReplyDecoder<ZNodeAcl> Acl = (in _, ref body) =>
    {
        var response = GetAclResponse.Read(ref body);
        return new ZNodeAcl(response.Acl ?? [], response.Stat);
    };

    public static readonly ReplyDecoder<int> Count = (in _, ref body) => GetAllChildrenNumberResponse.Read(ref body).TotalNumber;

    public static readonly ReplyDecoder<IReadOnlyList<Id>> Identities = (in _, ref body) =>
        [.. (WhoAmIResponse.Read(ref body).ClientInfo ?? []).Select(info => new Id(info.AuthScheme, info.User))];
}
