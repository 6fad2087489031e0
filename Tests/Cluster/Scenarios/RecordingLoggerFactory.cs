using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace OrleansKeeper.Tests.Cluster.Scenarios;

/// <summary>Keeps what is logged as an error, with the exceptions' messages.</summary>
internal sealed class RecordingLoggerFactory : ILoggerFactory, ILogger
{
    private readonly Channel<string> _errors = Channel.CreateUnbounded<string>();

    public async Task<string> NextAsync() => await _errors.Reader.ReadAsync();

    public ILogger CreateLogger(string categoryName) => this;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel >= LogLevel.Error)
            _errors.Writer.TryWrite($"{formatter(state, exception)}: {exception?.Message}");
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }
}
