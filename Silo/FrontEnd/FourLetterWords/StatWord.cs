using System.Text;

namespace OrleansKeeper.Silo.FrontEnd.FourLetterWords;

/// <summary>The server in a few lines, and a line for each connection.</summary>
internal sealed class StatWord(ServerReport report, LiveConnections connections) : IFourLetterWord
{
    public string Word => "stat";

    public string Answer()
    {
        var answer = new StringBuilder(ServerReport.VersionLine).Append("Clients:\n");
        foreach (var connection in connections.All)
            answer.Append(connection.Describe()).Append('\n');
        return answer.Append('\n').Append(report.TrafficLines()).ToString();
    }
}
