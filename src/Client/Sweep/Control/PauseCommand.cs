using System.CommandLine;
using Sweeps.Core.Sweeps.Commands;

namespace Sweeps.Client.Sweep.Control;

/// <summary><c>sweeps pause ID</c>: no more trials are handed out until <c>resume</c>.</summary>
internal static class PauseCommand
{
    public static Command Create() => SteeringCommand.Create(
        "pause",
        "Hand out no more trials of a sweep; those that run go on to their end.",
        reason => new PauseSweep(reason),
        id => $"Go on with: sweeps resume {id}");
}
