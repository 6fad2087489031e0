using OrleansKeeper.Tests.Interop.Servers;

[assembly: AssemblyFixture(typeof(ServerPair))]
[assembly: KeepLogsOnFailure]
