using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace OrleansKeeper.Tests.Unit.Storage;

/// <summary>Keeps the warnings that were logged.</summary>
internal sealed class RecordingLogger<T> : ILogger<T>
{
    private readonly ConcurrentQueue<string> _warnings = new();

    public IReadOnlyCollection<string> Warnings => _warnings;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel >= LogLevel.Warning)
            _warnings.Enqueue(formatter(state, exception) + (exception is null ? "" : " " + exception.Message));
    }
}
