using System.Globalization;
using Sweeps.Core.Networks;
using Sweeps.Core.Space;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.SweepFile;

/// <summary>What the text of an architecture trains, and which parameters act on it.</summary>
/// <param name="data">The data set where its shape is known; null: a table.</param>
internal sealed class NetworkIdentity(KnownDataSet? data)
{
    /// <summary>A dropout rate changes the network; a text that cannot be read has its own error.</summary>
    public static bool HasDropout(string text) =>
        ArchitectureTemplate.NamesIn(text).Contains(ArchitectureTemplate.Dropout)
        || Read(text) is not { } architecture || architecture.UsesDropout;

    /// <summary>An activation changes the network.</summary>
    public static bool HasActivation(string text) =>
        ArchitectureTemplate.NamesIn(text).Contains(ArchitectureTemplate.Activation)
        || Read(text) is not { } architecture || architecture.UsesActivation;

    /// <summary>The same for an architecture with its sizes.</summary>
    public string Of(SizedNetwork network, SweepSpecification specification)
    {
        var names = ArchitectureTemplate.NamesIn(network.Text).ToList();
        // A rate or an activation that stands in the text is a network of its own, unless every configuration has one.
        if (names.Contains(ArchitectureTemplate.Dropout) && !IsAlways(ParameterNames.Dropout, specification)
            || names.Contains(ArchitectureTemplate.Activation) && !IsAlways(ParameterNames.Activation, specification))
            return $"{network.Text} ({network.Sizes})";
        return Of(
            ArchitectureTemplate.Find(network.Text)!.Fill(name => name switch
            {
                ArchitectureTemplate.Dropout => "0.5",
                ArchitectureTemplate.Activation => "relu",
                _ => network.Sizes?[name]?.ToString(CultureInfo.InvariantCulture),
            }),
            specification);
    }

    /// <summary>
    /// A text that is equal for equal networks: what parameters replace in every configuration is left out, and so is
    /// the activation that belongs to the loss where the loss is known.
    /// </summary>
    public string Of(string text, SweepSpecification specification)
    {
        if (ArchitectureTemplate.Find(text) is not null || Read(text) is not { } architecture)
            return text;
        try
        {
            architecture = architecture.With(
                IsAlways(ParameterNames.Dropout, specification) ? 0.5 : null,
                IsAlways(ParameterNames.Activation, specification) ? "relu" : null);
            if (data is null || architecture.Own is not null)
                return architecture.ToString();
            if (specification.Parameters.All(p => p.Name != ParameterNames.Loss))
                architecture = architecture.WithoutOutputActivation(LossKind.CrossEntropy);
            return string.Join(" | ", NetworkShape.Create(architecture, data.Input, data.Outputs).Layers
                .Select(layer => layer.Layer.ToString()));
        }
        catch (SweepsException)
        {
            return text;
        }
    }

    private static bool IsAlways(string name, SweepSpecification specification) =>
        specification.Parameters.Any(p => p.Name == name && p.Branches.Any(b => b.When.IsEmpty));

    private static Architecture? Read(string text)
    {
        try
        {
            return Architecture.Parse(ArchitectureTemplate.Find(text)?.Sample() ?? text);
        }
        catch (SweepsException)
        {
            return null;
        }
    }
}
