using System.CommandLine;
using System.Text;
using Sweeps.Core;
using Sweeps.Core.Log;
using Sweeps.Core.SweepFile;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;

namespace Sweeps.Client.Sweep.Submission;

/// <summary>A sweep file, read and checked, with the overrides of the command line.</summary>
internal sealed class SweepFile
{
    private const int IdLengthMax = 60;

    private SweepFile(string path, SweepSpecification specification, IReadOnlyList<string> notes) =>
        (Path, Specification, Notes) = (path, specification, notes);

    public string Path { get; }

    public SweepSpecification Specification { get; }

    /// <summary>Settings of the file that have no effect here, as messages.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>What a user should know of the data, once <see cref="Plan"/> has read them.</summary>
    public IReadOnlyList<string> DataNotes { get; private set; } = [];

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overrides">Changes as <c>epochs=1</c>.</param>
    /// <exception cref="SweepsException">The file is missing or invalid; the message lists all errors.</exception>
    public static SweepFile Read(string path, IReadOnlyList<string> overrides)
    {
        var reading = SpecificationReader.Read(
            TextOf(path), path, overrides, name => File.ReadAllText(Beside(path, name)));
        return new(path, reading.Require(), [.. reading.Notes.Select(reading.Describe)]);
    }

    /// <summary>The sweep's plan. The data are read where they are here: the plan knows them by their content.</summary>
    public SweepPlan Plan(string id, DataSets sets)
    {
        var data = Specification.Data;
        if (!data.IsFile)
        {
            var known = KnownDataSets.Get(data.Source);
            var content = sets.ContentOf(known);
            DataNotes = DataRemarks.Of(known, content, sets);
            return SpecificationPlan.Create(Specification, id, KnownDataSet.Task, content);
        }

        var place = File.Exists(Beside(Path, data.Source)) ? Beside(Path, data.Source) : data.Source;
        var table = sets.Load(new DataRequest(place, data.Label, data.Task));
        DataNotes = DataRemarks.Of(table, Specification);
        return SpecificationPlan.Create(Specification, id, table.Task, table.Content);
    }

    /// <summary>
    /// The sweep's id: the one asked for, else the sweep's name, else the file's name, in the characters of an id.
    /// </summary>
    public string IdOf(string? asked) =>
        Slug(asked ?? Specification.Name ?? System.IO.Path.GetFileNameWithoutExtension(Path));

    private static string Slug(string name)
    {
        var slug = new StringBuilder();
        foreach (var letter in name.ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(letter))
                slug.Append(letter);
            else if (slug.Length > 0 && slug[^1] != '-')
                slug.Append('-');
        }

        var id = slug.ToString().Trim('-');
        if (id.Length == 0)
            throw new SweepsException(
                ErrorKind.Usage, $"'{name}' has no letter or digit for an id; give one with --name ID.");
        return id.Length <= IdLengthMax ? id : id[..IdLengthMax].Trim('-');
    }

    private static string Beside(string path, string name) =>
        System.IO.Path.GetFullPath(name, System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);

    private static string TextOf(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SweepsException(
                ErrorKind.Usage, $"The sweep file '{path}' cannot be read: {error.Message}", error);
        }
    }
}

/// <summary><c>sweeps schema</c>: the JSON Schema of sweep files, for editors.</summary>
internal static class SchemaCommand
{
    public static Command Create()
    {
        var command = new Command(
            "schema", "Print the JSON Schema of sweep files, for completion and checks in editors.");
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.Write(SpecificationSchema.Generate()));
        return command;
    }
}
