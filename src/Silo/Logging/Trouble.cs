using System.Net.Sockets;
using System.Text.RegularExpressions;
using Sweeps.Core;

namespace Sweeps.Silo.Logging;

/// <summary>
/// Errors that are expected where machines, networks and databases come and go, in a few words: what a person needs of
/// them is neither their stack nor the message that was under way.
/// </summary>
public static partial class Trouble
{
    /// <summary>A few words without a stack; null: nothing that is expected, whose stack is needed.</summary>
    public static string? Of(Exception? error) => error switch
    {
        null => null,
        SweepsException known => known.Message,
        TimeoutException late => LateAnswer().Match(late.Message) is { Success: true } match
            ? $"no answer within {TimeSpan.Parse(match.Groups[1].Value, null).TotalSeconds:0} s"
            : FirstLine(late.Message),
        OrleansException lost => SiloIn(lost.Message) is { } address
            ? $"the silo at {address} cannot be reached"
            : FirstLine(lost.Message),
        SocketException or IOException => FirstLine(error.Message),
        OperationCanceledException => "it was cancelled",
        AggregateException { InnerExceptions: [var inner] } => Of(inner),
        _ => null,
    };

    /// <summary>The address and port of the silo that an Orleans message names; null: none.</summary>
    private static string? SiloIn(string message) =>
        SiloName().Match(message) is { Success: true } match ? match.Groups[1].Value : null;

    private static string FirstLine(string message)
    {
        var end = message.AsSpan().IndexOfAny('\r', '\n');
        return end < 0 ? message : message[..end];
    }

    [GeneratedRegex(@"Response did not arrive on time in (\d+:\d+:\d+)")]
    private static partial Regex LateAnswer();

    // S127.0.0.1:42153:154960424, the last being when the silo started.
    [GeneratedRegex(@"\bS((?:\d+\.\d+\.\d+\.\d+|\[?[0-9a-fA-F:]+\]?):\d+):\d+\b")]
    private static partial Regex SiloName();
}
