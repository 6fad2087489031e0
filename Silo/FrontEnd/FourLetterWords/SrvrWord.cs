namespace OrleansKeeper.Silo.FrontEnd.FourLetterWords;

/// <summary>The server in a few lines.</summary>
internal sealed class SrvrWord(ServerReport report) : IFourLetterWord
{
    public string Word => "srvr";

    public string Answer() => ServerReport.VersionLine + report.TrafficLines();
}
