using System.CommandLine;

namespace Sweeps.Client.Terminal;

/// <summary>The argument that names a sweep, the same for every command.</summary>
internal static class SweepArgument
{
    public static Argument<string> Create() => new("id") { Description = "The sweep, as 'sweeps list' shows it." };
}
