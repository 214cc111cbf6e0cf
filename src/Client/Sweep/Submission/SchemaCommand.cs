using System.CommandLine;
using Sweeps.Core.Specs;

namespace Sweeps.Client.Sweep.Submission;

/// <summary><c>sweeps schema</c>: the JSON Schema of sweep files, for editors.</summary>
internal static class SchemaCommand
{
    public static Command Create()
    {
        var command = new Command(
            "schema", "Print the JSON Schema of sweep files, for editors that complete and check them.");
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.Write(SpecificationSchema.Generate()));
        return command;
    }
}
