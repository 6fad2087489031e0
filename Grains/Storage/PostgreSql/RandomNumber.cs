using System.Security.Cryptography;

namespace OrleansKeeper.Grains.Storage.PostgreSql;

/// <summary>Numbers by which writers and connections are told apart: nobody draws the same one again.</summary>
internal static class RandomNumber
{
    public static long Next() => BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
}
