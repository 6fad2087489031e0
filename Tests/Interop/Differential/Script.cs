using System.Globalization;
using System.Text;

namespace OrleansKeeper.Tests.Interop.Differential;

/// <summary>
/// Steps as text, one request a line, so that a divergence can be read, kept in a file and replayed. Values are percent-encoded.
/// A path that begins with '~' is literal; every other one is below the run's own root.
/// </summary>
public static class Script
{
    public static string Format(IEnumerable<Step> steps)
    {
        var text = new StringBuilder();
        foreach (var step in steps)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{(step.IsReattachment ? "reattach" : "session")} {step.Session}");
            foreach (var request in step.Requests)
            {
                AppendRequest(text, "  ", request);
                foreach (var part in request.Parts)
                    AppendRequest(text, "    ", part);
            }
        }
        return text.ToString();
    }

    public static IReadOnlyList<Step> Parse(string text)
    {
        var steps = new List<Step>();
        var requests = new List<Request>();
        var parts = new List<Request>();
        foreach (var line in text.Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0 && line[0] != '#'))
        {
            if (line.StartsWith("    ", StringComparison.Ordinal))
            {
                parts.Add(ParseRequest(line));
            }
            else if (line[0] == ' ')
            {
                parts = [];
                requests.Add(ParseRequest(line) with { Parts = parts });
            }
            else
            {
                requests = [];
                steps.Add(new Step(int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture), requests));
            }
        }
        return steps;
    }

    private static void AppendRequest(StringBuilder text, string indentation, Request request)
    {
        text.Append(indentation).Append(request.Name);
        foreach (var (name, value) in request.Arguments)
            text.Append(' ').Append(name).Append('=').Append(Escape(value));
        text.AppendLine();
    }

    private static Request ParseRequest(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var arguments = words[1..].Select(word => word.Split('=', 2)).ToDictionary(pair => pair[0], pair => Unescape(pair[1]));
        return new Request(words[0], arguments, []);
    }

    /// <summary>By UTF-16 unit, because some of the bad paths are not well-formed text.</summary>
    private static string Escape(string value) => string.Concat(value.Select(unit =>
        unit is > ' ' and < (char)0x7f and not '%' ? unit.ToString() : string.Create(CultureInfo.InvariantCulture, $"%{(int)unit:x4}")));

    private static string Unescape(string value)
    {
        var text = new StringBuilder();
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] != '%')
            {
                text.Append(value[i]);
                continue;
            }
            text.Append((char)int.Parse(value.AsSpan(i + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            i += 4;
        }
        return text.ToString();
    }
}
