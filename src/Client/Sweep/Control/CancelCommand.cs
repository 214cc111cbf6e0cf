using System.CommandLine;
using Sweeps.Core.Sweeps.Commands;

namespace Sweeps.Client.Sweep.Control;

/// <summary><c>sweeps cancel ID</c>: the sweep is over.</summary>
internal static class CancelCommand
{
    public static Command Create() => SteeringCommand.Create(
        "cancel",
        "End a sweep for good; results that are in are kept.",
        reason => new CancelSweep(reason),
        id => $"See them with: sweeps show {id}");
}
