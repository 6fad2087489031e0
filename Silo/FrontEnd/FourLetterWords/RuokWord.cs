namespace OrleansKeeper.Silo.FrontEnd.FourLetterWords;

/// <summary>Are you OK?</summary>
internal sealed class RuokWord : IFourLetterWord
{
    public string Word => "ruok";

    public string Answer() => "imok";
}
