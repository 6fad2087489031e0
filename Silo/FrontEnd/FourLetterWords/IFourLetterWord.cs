namespace OrleansKeeper.Silo.FrontEnd.FourLetterWords;

/// <summary>One of ZooKeeper's commands that a connection sends instead of a handshake: four letters, answered with text.</summary>
internal interface IFourLetterWord
{
    /// <summary>The four letters.</summary>
    string Word { get; }

    /// <summary>The answer, behind which the connection is closed.</summary>
    string Answer();
}
