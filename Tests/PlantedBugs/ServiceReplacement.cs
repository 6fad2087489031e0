using Microsoft.Extensions.DependencyInjection;

namespace OrleansKeeper.Tests.PlantedBugs;

/// <summary>Puts a service in the place of another one, which it can still use.</summary>
internal static class ServiceReplacement
{
    /// <summary>The key under which the service is that was there before.</summary>
    public const string Sound = "sound";

    public static void Replace<TService, TFaulty>(this IServiceCollection services)
        where TService : class
        where TFaulty : class, TService
    {
        var sound = services.Single(service => service.ServiceType == typeof(TService));
        services.Remove(sound);
        services.Add(ServiceDescriptor.DescribeKeyed(typeof(TService), Sound, sound.ImplementationType!, sound.Lifetime));
        services.AddSingleton<TService, TFaulty>();
    }
}
