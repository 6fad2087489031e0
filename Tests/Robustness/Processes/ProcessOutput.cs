using System.Diagnostics;
using System.Text;

namespace OrleansKeeper.Tests.Robustness.Processes;

/// <summary>Everything that the processes of one server wrote, in the order in which it came.</summary>
internal sealed class ProcessOutput
{
    private const int TailCharacters = 4_000;

    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();
    private int _lastStart;

    /// <summary>Takes what a process writes that was just started.</summary>
    public void Capture(Process process)
    {
        lock (_lock)
            _lastStart = _text.Length;
        process.OutputDataReceived += (_, line) => Add(line.Data);
        process.ErrorDataReceived += (_, line) => Add(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public void Add(string? line)
    {
        if (line is null)
            return;

        lock (_lock)
            _text.AppendLine(line);
    }

    public string Tail()
    {
        var text = ToString();
        return text.Length <= TailCharacters ? text : "…" + text[^TailCharacters..];
    }

    /// <summary>What the process wrote that was started last.</summary>
    public string SinceStart()
    {
        lock (_lock)
            return _text.ToString(_lastStart, _text.Length - _lastStart);
    }

    public override string ToString()
    {
        lock (_lock)
            return _text.ToString();
    }
}
