using System.Diagnostics;
using System.Text;

namespace OrleansKeeper.Tests.Interop.Clients;

/// <summary>Runs an unmodified client as a process of its own and collects what it prints.</summary>
public static class ClientProcess
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    /// <summary>Where the build copies the clients' scripts and sources.</summary>
    public static string SourceFile(string folder, string name) => Path.Combine(AppContext.BaseDirectory, "Clients", folder, name);

    public static async Task<ClientOutput> RunAsync(string file, IEnumerable<string> arguments, string input = "")
    {
        using var limit = new CancellationTokenSource(Limit);
        using var process = Start(file, arguments);
        var output = new StringBuilder();
        var errors = new StringBuilder();
        process.OutputDataReceived += (_, line) => Append(output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(errors, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{file} did not end within {Limit.TotalSeconds} s.\n{output}\n{errors}");
        }
        return new ClientOutput(process.ExitCode, output.ToString(), errors.ToString());
    }

    public static Process Start(string file, IEnumerable<string> arguments) => Process.Start(new ProcessStartInfo(file, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private static void Append(StringBuilder text, string? line)
    {
        if (line is null)
            return;
        lock (text)
            text.Append(line).Append('\n');
    }
}
