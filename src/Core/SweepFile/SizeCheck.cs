using System.Globalization;
using System.Text.RegularExpressions;
using Sweeps.Core.Networks;
using Sweeps.Core.SweepFile.Rules;
using Sweeps.Core.SweepFile.Syntax;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.SweepFile;

/// <summary>Checks that every placeholder has values, every size a placeholder, and every combination a
/// network.</summary>
internal static partial class SizeCheck
{
    private const string Section = "architectures";
    private const string DropoutTried = "0.5";
    private const string ActivationTried = "relu";

    /// <summary>Adds an error for each placeholder without a parameter, and each size that nothing takes.</summary>
    /// <param name="specification">Read, perhaps with errors elsewhere.</param>
    /// <param name="parameters">Its parameters and their places.</param>
    /// <param name="root">The file.</param>
    /// <param name="context">Takes the errors.</param>
    public static void CheckNames(
        SweepSpecification specification, IReadOnlyList<ReadParameter> parameters, SourceMap root,
        ReadingContext context)
    {
        var written = (root.ValueOf("parameters") as SourceMap)?.Entries.Select(e => e.Key).ToList() ?? [];
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in SizedNetworks.ChoicesOf(specification))
        {
            var text = specification.ArchitectureText(name);
            foreach (var placeholder in ArchitectureTemplate.NamesIn(text))
            {
                used.Add(placeholder);
                if (written.Contains(placeholder))
                    continue;
                var nearest = NearestName.Find(placeholder, written.Where(SizedNetworks.IsSize));
                context.Errors.Add(
                    PlaceOf(text, root, context), Section,
                    $"the placeholder {{{placeholder}}} has no values; "
                        + (nearest is null ? "" : $"did you mean {{{nearest}}}? ")
                        + $"write them under 'parameters', for example {placeholder}: {Example(placeholder)}");
            }
        }

        foreach (var read in parameters.Where(p => SizedNetworks.IsSize(p.Parameter.Name)))
        {
            if (!used.Contains(read.Parameter.Name))
                context.Error(read.Node, read.Path, $"no architecture that is trained has the placeholder "
                    + $"{{{read.Parameter.Name}}}; remove the parameter, or add the architecture to the values");
        }
    }

    /// <summary>Adds an error for each architecture that some combination of sizes makes impossible.</summary>
    /// <param name="specification">Without errors.</param>
    /// <param name="root">The file.</param>
    /// <param name="context">Takes the errors.</param>
    public static void CheckNetworks(SweepSpecification specification, SourceMap root, ReadingContext context)
    {
        var data = KnownDataSets.Find(specification.Data.Source);
        var errors = Errors(SizedNetworks.Of(specification), network =>
        {
            var architecture = Sample(network).ReadArchitecture();
            if (data is not null && architecture.Own is null)
                NetworkShape.Create(architecture, data.Input, data.Outputs);
        });
        foreach (var (text, message) in errors)
            context.Errors.Add(PlaceOf(text, root, context), Section, message);
    }

    /// <summary>The same for data whose shape the file does not tell.</summary>
    /// <param name="specification">Without errors.</param>
    /// <param name="tried">Configurations that are known already.</param>
    /// <param name="create">Makes a configuration's network, or throws.</param>
    public static IEnumerable<(string Text, string Message)> Errors(
        SweepSpecification specification, IEnumerable<Hyperparameters> tried, Action<Hyperparameters> create)
    {
        var drawn = tried.Where(c => c.Sizes is not null).Select(c => new SizedNetwork(
            specification.ArchitectureName(c.Architecture), c.Architecture, c.Sizes, null, "")).Distinct();
        return Errors(
            SizedNetworks.Of(specification).Concat(drawn.Take(SizedNetworks.MaxNetworks)).Distinct(),
            network => create(Sample(network)));
    }

    /// <summary>One error an architecture: the first combination that is wrong, and how many more there are.</summary>
    private static IEnumerable<(string Text, string Message)> Errors(
        IEnumerable<SizedNetwork> networks, Action<SizedNetwork> create)
    {
        foreach (var group in networks.GroupBy(network => network.Text, StringComparer.Ordinal))
        {
            var (first, wrong, all) = ((string?)null, 0, 0);
            foreach (var network in group)
            {
                all++;
                if (WhyNot(network, create) is not { } why)
                    continue;
                wrong++;
                first ??= why;
            }

            if (first is not null)
                yield return (group.Key, first.TrimEnd('.') + (wrong == 1 ? "" : string.Create(
                    CultureInfo.InvariantCulture, $" ({wrong} of the {all} combinations that were tried are wrong)")));
        }
    }

    private static string? WhyNot(SizedNetwork network, Action<SizedNetwork> create)
    {
        if (network.Missing is { } missing)
        {
            return $"the placeholder {{{missing}}} has no value"
                + (network.Where.Length > 0 ? $" with {network.Where}" : "")
                + "; let its parameter's 'when' hold there too, or give it an alternative without 'when'";
        }

        try
        {
            create(network);
            return null;
        }
        catch (SweepsException error)
        {
            var message = AsWritten(network, error.Message);
            return network.Sizes is null ? message : $"with {network.Sizes}: {message}";
        }
    }

    /// <summary>A message that quotes placeholders, where it quotes what <see cref="Sample"/> put in their place.
    /// </summary>
    private static string AsWritten(SizedNetwork network, string message)
    {
        (string Name, string Value)[] filled =
            [(ArchitectureTemplate.Dropout, DropoutTried), (ArchitectureTemplate.Activation, ActivationTried)];
        foreach (var (name, value) in filled)
        {
            if (ArchitectureTemplate.NamesIn(network.Text).Contains(name)
                && !network.Text.Contains(value, StringComparison.Ordinal))
                message = Quoted().Replace(
                    message, quoted => quoted.Value.Replace(value, $"{{{name}}}", StringComparison.Ordinal));
        }

        return message;
    }

    /// <summary>A configuration that trains the network; what parameters replace anyway is anything.</summary>
    private static Hyperparameters Sample(SizedNetwork network)
    {
        var names = ArchitectureTemplate.NamesIn(network.Text).ToList();
        return new()
        {
            Architecture = network.Text,
            Sizes = network.Sizes,
            LearningRate = 0,
            BatchSize = 1,
            Epochs = 1,
            Dropout = names.Contains(ArchitectureTemplate.Dropout)
                ? double.Parse(DropoutTried, CultureInfo.InvariantCulture) : null,
            Activation = names.Contains(ArchitectureTemplate.Activation) ? ActivationTried : null,
        };
    }

    private static SourcePosition PlaceOf(string text, SourceMap root, ReadingContext context) =>
        context.ArchitecturePlaces.TryGetValue(text, out var place) ? place : root.Position;

    private static string Example(string placeholder) => placeholder switch
    {
        ArchitectureTemplate.Dropout => "[0.1, 0.5]",
        ArchitectureTemplate.Activation => "[relu, tanh]",
        _ => "[1, 2, 4]",
    };

    [GeneratedRegex("'[^']*'")]
    private static partial Regex Quoted();
}
