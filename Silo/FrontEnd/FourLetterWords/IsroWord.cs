using OrleansKeeper.Grains;

namespace OrleansKeeper.Silo.FrontEnd.FourLetterWords;

/// <summary>Is this server read-only? It never is: it serves both, or nothing.</summary>
internal sealed class IsroWord(KeeperEngine engine) : IFourLetterWord
{
    public string Word => "isro";

    public string Answer() => engine.IsServing ? "rw" : "null";
}
