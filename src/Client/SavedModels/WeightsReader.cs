using System.Collections.Immutable;
using System.CommandLine;
using Sweeps.Client.Sweep;
using Sweeps.Client.Sweep.Results;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Core.Networks;
using Sweeps.Core.SweepFile;
using Sweeps.Core.SweepFile.Preview;
using Sweeps.Core.Trainings;
using Sweeps.Training.SavedModels;

namespace Sweeps.Client.SavedModels;

/// <summary>Models that are named where weights to start with are asked for.</summary>
internal static class WeightsReader
{
    private const int AccountsMax = 12;

    private const string Ways =
        "Name a folder or a file that 'sweeps train --save FOLDER' or 'sweeps run' wrote, a safetensors or ONNX file "
        + "of another program, or a sweep ('sweeps list').";

    /// <summary>Reads weights and makes them known to the trainings of this process.</summary>
    /// <param name="named">What is asked for.</param>
    /// <param name="folder">Where a path begins.</param>
    /// <param name="store">Where a sweep's id is looked up.</param>
    /// <param name="parsed">The command line, which names the store.</param>
    /// <param name="known">Takes them.</param>
    /// <exception cref="SweepsException">There is no such model, or it is damaged, too large or another one.
    /// </exception>
    public static async Task<StartingWeights> ReadAsync(
        NamedWeights named, string folder, StoreOption store, ParseResult parsed, KnownWeights known)
    {
        var weights = StartingWeights.Of(await OpenAsync(named.Model, folder, store, parsed), named);
        if (!weights.FileOf(named.Name).Travels())
            throw new SweepsException(
                ErrorKind.Data,
                $"The weights of '{named.Model}' have {weights.Bytes.LongLength >> 20} MB; at most "
                    + $"{DataFile.TravelsMax >> 20} MB travel with a sweep.");
        if (named.Digest is { } digest && digest != weights.Digest)
            throw new SweepsException(
                ErrorKind.Data,
                $"The weights of '{named.Model}' have the SHA-256 {weights.Digest}, and the file asks for {digest}: it "
                    + "is another model than when 'digest' was written; remove 'digest' to take this one.");
        known.Add(weights);
        return weights;
    }

    /// <summary>What each network takes of the weights it starts with, as messages.</summary>
    /// <exception cref="SweepsException">One takes nothing.</exception>
    public static IEnumerable<string> Accounts(SweepSpecification specification, DataSize size, KnownWeights known)
    {
        var accounts = DataFit.NetworksOf(specification).Where(c => c.InitialWeights is not null)
            .Select(c => Account(c, size, specification.ArchitectureName(c.Architecture), known)).Distinct().ToList();
        return accounts.Count <= AccountsMax
            ? accounts
            : [.. accounts.Take(AccountsMax), $"initial_weights: and {accounts.Count - AccountsMax} more networks"];
    }

    /// <summary>What a network takes of the weights it starts with, as a message.</summary>
    /// <exception cref="SweepsException">It takes nothing.</exception>
    public static string Account(Hyperparameters configuration, DataSize size, string name, KnownWeights known)
    {
        var network = configuration.NetworkOn(
            size.Input, size.Outputs, configuration.LossOf(size.Task), size.Task);
        var weights = configuration.InitialWeights!;
        var all = known.Find(weights.Digest)!;
        var taken = all.TakenBy(network);
        var (learn, keep) = Freezing.Count(network, Freezing.LayersOf(configuration.Freeze, network));
        return $"initial_weights: {weights}{(all.Found is { } found ? $" (ONNX: {found})" : "")} in {name}: {taken}"
            + (configuration.Freeze is null ? "" : $"; freeze '{configuration.Freeze}': {learn:N0} weights learn, "
                + $"{keep:N0} do not");
    }

    private static async Task<SavedModel> OpenAsync(
        string model, string folder, StoreOption store, ParseResult parsed)
    {
        var place = Path.GetFullPath(model, folder);
        var path = Directory.Exists(place) ? Path.Combine(place, ModelFiles.WeightsFile) : place;
        if (File.Exists(path))
        {
            await ModelName.TellChoiceAsync(model, store, parsed);
            var bytes = await ModelSource.ReadFileAsync(path, CancellationToken.None);
            return OnnxWeights.IsNamed(path)
                ? OnnxWeights.Read(bytes, $"'{path}'")
                : SavedModel.Read(bytes, $"'{path}'");
        }

        if (ModelName.IsPath(model))
            throw new SweepsException(ErrorKind.Data, $"initial_weights: there is no model '{path}'. {Ways}");
        try
        {
            await using var opened = await store.LookAsync(parsed);
            var state = (await SweepView.OpenAsync(opened, model)).State;
            var bytes = await ResultFiles.ModelOfAsync(state, opened) ?? throw new SweepsException(
                ErrorKind.Sweep, $"Sweep '{model}' has no model yet: the refit at its end trains it.");
            return SavedModel.Read(bytes, $"of sweep '{model}'");
        }
        catch (SweepsException error) when (Directory.Exists(place) && ModelName.IsUnknown(error))
        {
            throw new SweepsException(
                ErrorKind.Data,
                $"initial_weights: there is no model '{path}', and no sweep '{model}': {error.Message} {Ways}",
                error);
        }
        catch (SweepsException error) when (error.Kind != ErrorKind.Data)
        {
            throw new SweepsException(
                error.Kind,
                $"initial_weights: '{model}' is "
                    + (Directory.Exists(place) ? "a folder without a model" : "no file or folder")
                    + $", and no sweep has it: {error.Message} {Ways}",
                error);
        }
    }

    /// <summary>The names of another program's layers on a command line: <c>in order</c>, or <c>conv1=1,fc=5</c>.
    /// </summary>
    public static NamedWeights WithNames(NamedWeights named, Option<string?> option, string? text)
    {
        if (text is null)
            return named;
        if (text.Trim() is "in order" or "in-order" or "in_order")
            return named with { InOrder = true };
        var names = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        foreach (var pair in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (pair.Split('=', StringSplitOptions.TrimEntries) is not [{ Length: > 0 } from, { Length: > 0 } to])
                throw OptionValues.Bad(option, text, "'in order', or names as conv1=1,fc=5");
            names.Add(new(from, to));
        }

        return named with { Names = names.ToImmutable() };
    }
}
