using System.Text;

namespace OrleansKeeper.Silo.FrontEnd.FourLetterWords;

/// <summary>A line for each connection, with its session.</summary>
internal sealed class ConsWord(LiveConnections connections) : IFourLetterWord
{
    public string Word => "cons";

    public string Answer()
    {
        var answer = new StringBuilder();
        foreach (var connection in connections.All)
            answer.Append(connection.DescribeWithSession()).Append('\n');
        return answer.Append('\n').ToString();
    }
}
