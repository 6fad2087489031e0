using System.Collections.Frozen;

namespace OrleansKeeper.Silo.FrontEnd.FourLetterWords;

/// <summary>The four-letter words that this server answers.</summary>
internal sealed class FourLetterWordTable(IEnumerable<IFourLetterWord> words)
{
    private readonly FrozenDictionary<string, IFourLetterWord> _words = words.ToFrozenDictionary(word => word.Word, StringComparer.Ordinal);

    public IFourLetterWord? Find(string word) => _words.GetValueOrDefault(word);
}
