using System.CommandLine;

namespace Sweeps.Client.Data;

/// <summary><c>sweeps data</c>: get, show and list data sets.</summary>
internal static class DataCommand
{
    public static Command Create() => new("data", "Get, show and list data sets.")
    {
        DataGetCommand.Create(),
        DataShowCommand.Create(),
        DataListCommand.Create(),
    };
}
