using System.CommandLine;
using Sweeps.Core.Log;
using Sweeps.Core.Networks;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.Own;

namespace Sweeps.Client.Networks;

/// <summary>Networks of users' own code on a command line: who runs it on this machine is told.</summary>
internal static class OwnCode
{
    /// <summary>The option of commands that take a saved model.</summary>
    public static Option<string?> Assembly() => new("--assembly")
    {
        Description = "The .NET assembly with the model's network, where that is code of your own. It is run here.",
        HelpName = "file",
    };

    /// <summary>Makes the file of <c>--assembly</c> known, if it is given.</summary>
    /// <exception cref="Core.SweepsException">It cannot be read.</exception>
    public static void Take(Option<string?> option, ParseResult parsed)
    {
        if (parsed.GetValue(option) is { } path)
            Tell(parsed, [OwnAssemblies.Add(path)]);
    }

    /// <summary>What is noted of assemblies.</summary>
    public static IEnumerable<string> Notes(IEnumerable<DataFile> files) =>
        files.Select(file => $"runs code of {file.Name} on this machine");

    /// <summary>Lets the trainings of this process run what travels with a sweep, and says so.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="sets">The data sets of the process.</param>
    /// <param name="plan">The sweep.</param>
    public static void Allow(ParseResult parsed, DataSets sets, SweepPlan plan)
    {
        sets.RunsAssemblies = true;
        Tell(parsed, (plan.Assemblies ?? []).Where(file => OwnAssemblies.BytesOf(file.Digest) is null));
    }

    /// <summary>A text whose assembly is a file, with its digest instead; other texts as they are.</summary>
    /// <exception cref="Core.SweepsException">The file cannot be read.</exception>
    public static string WithDigest(string text, Action<string> note) => !OwnLayer.Begins(text)
        ? text
        : OwnLayer.WithDigest(text, path =>
        {
            var file = OwnAssemblies.Add(path);
            foreach (var line in Notes([file]))
                note(line);
            return file.Digest;
        });

    private static void Tell(ParseResult parsed, IEnumerable<DataFile> files)
    {
        foreach (var note in Notes(files))
            parsed.InvocationConfiguration.Error.WriteLine($"note: {note}");
    }
}
