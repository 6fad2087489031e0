using System.Diagnostics;
using Npgsql;
using OrleansKeeper.Tests.Ports;

namespace OrleansKeeper.Tests.Databases;

/// <summary>
/// A PostgreSQL server of the tests' own: a new cluster of databases in a temporary folder, on a free port, with fsync on. It ends with
/// the process that started it, however that ends, and its folder with it.
/// </summary>
internal sealed class PostgreSqlServer : IAsyncDisposable
{
    private const string User = "postgres";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    // Not on the caller's context: constructors of tests block for it.
    private static readonly Lazy<Task<PostgreSqlServer>> SharedServer = new(() => Task.Run(StartAsync));

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"orleanskeeper-postgresql-{Guid.NewGuid():N}");
    private Process? _process;

    private PostgreSqlServer()
    {
    }

    /// <summary>The one that tests share which leave it running; each has a schema of its own there.</summary>
    public static Task<PostgreSqlServer> Shared => SharedServer.Value;

    /// <summary>Where it listens, on the loopback address.</summary>
    public int Port { get; } = FreePorts.Take(1)[0];

    /// <summary>How to reach its database.</summary>
    public string ConnectionString => $"Host=127.0.0.1;Port={Port};Database=postgres;Username={User}";

    private string Data => Path.Combine(_folder, "data");

    private string Log => Path.Combine(_folder, "server.log");

    /// <summary>Makes a cluster of databases and starts its server.</summary>
    public static async Task<PostgreSqlServer> StartAsync()
    {
        var server = new PostgreSqlServer();
        try
        {
            var initialize = $"'{Program("initdb")}' -D '{server.Data}' -U {User} -A trust -E UTF8 --locale=C --no-sync";
            await server.RunAsync($"mkdir -m 700 '{server._folder}' && {initialize}");
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A schema's name that nobody has used yet.</summary>
    public static string NewSchema() => $"keeper_{Guid.NewGuid():N}";

    /// <summary>Starts the server after <see cref="StopAsync"/>; returns when it answers.</summary>
    public async Task StartAgainAsync()
    {
        // The shell outlives this process by as much as it takes to stop the server and remove the folder.
        var server = $"'{Program("postgres")}' -D '{Data}' -p {Port} -k '{_folder}' -c listen_addresses=127.0.0.1 -c max_connections=300";
        _process = Start(
            $"""
            trap '' INT TERM
            {server} >>'{Log}' 2>&1 & server=$!
            read -r signal || signal=QUIT
            kill -$signal $server
            wait $server
            [ $signal != QUIT ] || rm -rf '{_folder}'
            """);
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false;Timeout=5");
                await connection.OpenAsync();
                return;
            }
            catch (NpgsqlException exception)
            {
                if (Stopwatch.GetElapsedTime(started) > Patience)
                    throw new TimeoutException($"PostgreSQL did not answer within {Patience}: {ReadLog()}", exception);
                await Task.Delay(20);
            }
        }
    }

    /// <summary>Stops the server as an administrator does who does not wait: connections are ended, what is committed is kept.</summary>
    public Task StopAsync() => EndAsync("INT");

    /// <summary>Runs a statement.</summary>
    public async Task<object?> ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await EndAsync("QUIT");
        await RunAsync($"rm -rf '{_folder}'");
    }

    private static string Program(string name)
    {
        var folders = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [];
        return folders.Order(StringComparer.Ordinal).Select(folder => Path.Combine(folder, "bin", name)).LastOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"PostgreSQL's {name} is not installed: Tests/install-dependencies.sh does that.");
    }

    /// <summary>Starts a shell as the user that PostgreSQL wants, which is not root.</summary>
    private static Process Start(string script)
    {
        string[] command = Environment.IsPrivilegedProcess
            ? ["setpriv", $"--reuid={User}", $"--regid={User}", "--clear-groups", "sh", "-c", script]
            : ["sh", "-c", script];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        return Process.Start(start) ?? throw new InvalidOperationException("The process was not started.");
    }

    private async Task RunAsync(string script)
    {
        using var process = Start(script);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{script}: {await output}{await errors}");
    }

    private async Task EndAsync(string signal)
    {
        var process = _process ?? throw new InvalidOperationException("The server was not started.");
        _process = null;
        await process.StandardInput.WriteLineAsync(signal);
        process.StandardInput.Close();
        using var deadline = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(deadline.Token);
        process.Dispose();
    }

    private string ReadLog() => File.Exists(Log) ? File.ReadAllText(Log) : "it wrote nothing";
}
