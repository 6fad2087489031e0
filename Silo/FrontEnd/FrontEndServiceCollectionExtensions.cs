using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using OrleansKeeper.Silo.FrontEnd.FourLetterWords;

namespace OrleansKeeper.Silo.FrontEnd;

/// <summary>Adds ZooKeeper's client protocol.</summary>
internal static class FrontEndServiceCollectionExtensions
{
    public static IServiceCollection AddFrontEnd(this IServiceCollection services)
    {
        services.AddSingleton<IMemoryPoolFactory<byte>, LargeBlockMemoryPool.Factory>();
        services.AddSingleton<Handshake>();
        services.AddSingleton<RequestLoop>();
        services.AddSingleton<ConnectionLimiter>();
        services.AddSingleton<ServerStatistics>();
        services.AddSingleton<LiveConnections>();
        services.AddSingleton<FourLetterWordTable>();
        services.AddSingleton<ServerReport>();
        services.AddSingleton<ServerMode>();
        services.AddSingleton<IFourLetterWord, RuokWord>();
        services.AddSingleton<IFourLetterWord, SrvrWord>();
        services.AddSingleton<IFourLetterWord, StatWord>();
        services.AddSingleton<IFourLetterWord, MntrWord>();
        services.AddSingleton<IFourLetterWord, IsroWord>();
        services.AddSingleton<IFourLetterWord, EnviWord>();
        services.AddSingleton<IFourLetterWord, ConfWord>();
        services.AddSingleton<IFourLetterWord, ConsWord>();
        services.AddSingleton<IFourLetterWord, WchsWord>();
        return services;
    }
}
