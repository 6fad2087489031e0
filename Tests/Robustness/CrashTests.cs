namespace OrleansKeeper.Tests.Robustness;

public sealed class CrashTests : CrashTest
{
    private const int DefaultSeconds = 14;

    [Fact]
    public async Task Acknowledged_writes_and_open_sessions_survive_kills_under_load() =>
        await KillUnderLoadAsync(await StartSiloAsync(), EnvironmentSettings.Seconds(EnvironmentSettings.CrashSeconds, DefaultSeconds));
}
