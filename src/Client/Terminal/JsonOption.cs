using System.CommandLine;

namespace Sweeps.Client.Terminal;

/// <summary>The option for programs, the same for every command.</summary>
internal static class JsonOption
{
    public static Option<bool> Create() => new("--json")
    {
        Description = "One JSON object on stdout, and nothing else there.",
    };
}
