using System.CommandLine;
using Sweeps.Client.Networks;
using Sweeps.Client.SavedModels;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Core.Log;
using Sweeps.Core.SweepFile;
using Sweeps.Core.SweepFile.Preview;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.Data.Csv;
using Sweeps.Training.Own;

namespace Sweeps.Client.Sweep.Submission;

/// <summary>A sweep file, read and checked, with the overrides of the command line.</summary>
internal sealed class SweepFile
{
    private readonly DataSize _size;

    private SweepFile(
        string path, SweepSpecification specification, DataSize size, IReadOnlyList<string> notes) =>
        (Path, Specification, _size, Notes) = (path, specification, size, notes);

    public string Path { get; }

    public SweepSpecification Specification { get; }

    /// <summary>The files of the weights that its configurations start with.</summary>
    public IReadOnlyList<DataFile> Weights { get; private init; } = [];

    /// <summary>The assemblies with its own networks.</summary>
    public IReadOnlyList<DataFile> Assemblies { get; private init; } = [];

    /// <summary>What of the file has no effect, or less or more than it seems, as messages.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Reads a file and checks it against its data: all that can be known before anything is
    /// trained.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overrides">Changes as <c>epochs=1</c>.</param>
    /// <param name="sets">Where its data are.</param>
    /// <param name="trainsHere">Whether this process trains: then the data must be here, and the file's <c>slots</c>
    /// has an effect.</param>
    /// <exception cref="SweepsException">The file or its data are missing or invalid, or do not go together; the
    /// message lists all errors.</exception>
    public static SweepFile Read(
        string path, IReadOnlyList<string> overrides, DataSets sets, bool trainsHere = true)
    {
        var assemblies = new List<DataFile>();
        var reading = SpecificationReader.Read(
            SweepFileText.Of(path), path, overrides, name => File.ReadAllText(Beside(path, name)), AssemblyDigest);
        var specification = reading.Require();
        var known = specification.Data.IsFile ? null : KnownDataSets.Get(specification.Data.Source);
        IReadOnlyList<string> remarks;
        DataSize size;
        if (known is not null && !trainsHere && !sets.IsHere(known))
        {
            reading = DataChecks.Run(reading, known);
            size = DataSize.Of(known);
            remarks = DataRemarks.Of(known, sets.ContentOf(known), sets);
        }
        else
        {
            var data = Load(path, reading, specification, sets);
            reading = DataChecks.Run(reading, data);
            size = DataChecks.SizeOf(data);
            remarks = known is null ? DataRemarks.Of(data) : DataRemarks.Of(known, sets.ContentOf(known), sets);
        }

        if (!trainsHere && reading.Specification?.Slots is not null)
            reading = reading.WithNote("slots", "has no effect: the silos that train have slots of their own");
        return new(
            path, reading.Require(), size,
            [.. reading.Notes.Select(reading.Describe), .. remarks, .. OwnCode.Notes(assemblies)])
        {
            Assemblies = assemblies,
        };

        string AssemblyDigest(string name)
        {
            var file = OwnAssemblies.Add(Beside(path, name));
            if (!assemblies.Contains(file))
                assemblies.Add(file);
            return file.Digest;
        }
    }

    /// <summary>The same with the weights that it names, read and known by their digests, and with a note of what each
    /// network takes of them.</summary>
    /// <exception cref="SweepsException">A model is missing or damaged, or a network takes nothing of it.</exception>
    public async Task<SweepFile> WithWeightsAsync(StoreOption store, ParseResult parsed, DataSets sets)
    {
        if (Specification.InitialWeights.IsEmpty)
            return this;
        var (named, files) = (new List<NamedWeights>(), new List<DataFile>());
        foreach (var wanted in Specification.InitialWeights)
        {
            var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!;
            var weights = await WeightsReader.ReadAsync(wanted, folder, store, parsed, sets.Weights);
            named.Add(wanted with { Digest = weights.Digest });
            files.Add(weights.FileOf(wanted.Name));
        }

        var specification = Specification with { InitialWeights = [.. named] };
        return new(
            Path, specification, _size,
            [.. Notes, .. WeightsReader.Accounts(specification, _size, sets.Weights)])
        {
            Weights = [.. files.DistinctBy(file => file.Digest)],
            Assemblies = Assemblies,
        };
    }

    /// <summary>The sweep's plan. The data are read where they are here: the plan knows their content.</summary>
    public SweepPlan Plan(string id, DataSets sets)
    {
        var data = Specification.Data;
        if (!data.IsFile)
        {
            var known = KnownDataSets.Get(data.Source);
            return SpecificationPlan.Create(
                Specification, id, KnownDataSet.Task, sets.ContentOf(known), weights: Weights, assemblies: Assemblies);
        }

        var table = sets.Load(RequestOf(Path, Specification));
        return SpecificationPlan.Create(
            Specification, id, table.Task, table.Content, DataChecks.SizeOf(table), Weights, Assemblies);
    }

    /// <summary>What the sweep's id is made of: the name asked for, else the sweep's name, else the file's
    /// name.</summary>
    public string NameOf(string? asked) =>
        asked ?? Specification.Name ?? System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>Reads the data; an error is at the line of the file that names them.</summary>
    private static DataSet Load(
        string path, SpecificationReading reading, SweepSpecification specification, DataSets sets)
    {
        try
        {
            return sets.Load(RequestOf(path, specification));
        }
        catch (SweepsException error) when (error.Kind == ErrorKind.Data && specification.Data.IsFile)
        {
            var place = reading.Written(
                error is LabelColumnException column ? $"data.{column.Column}" : "data.path", "data");
            throw new SweepsException(
                ErrorKind.Data, reading.Describe(reading.WithError(place, error.Message).Errors[^1]), error);
        }
    }

    private static DataRequest RequestOf(string path, SweepSpecification specification)
    {
        var data = specification.Data;
        if (!data.IsFile)
            return new(data.Source, null, null);
        var beside = Beside(path, data.Source);
        var place = File.Exists(beside) || Directory.Exists(beside) ? beside : data.Source;
        return new(place, data.Label, data.Task)
        {
            Group = data.Group,
            Pictures = data.Pictures,
            Reading = data.Reading,
        };
    }

    private static string Beside(string path, string name) =>
        System.IO.Path.GetFullPath(name, System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
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
