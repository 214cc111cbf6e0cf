using Sweeps.Core.Networks;
using Sweeps.Core.Space;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.SweepFile;

/// <summary>What the text of an architecture trains, and which parameters act on it.</summary>
/// <param name="data">The data set where its shape is known; null: a table.</param>
internal sealed class NetworkIdentity(KnownDataSet? data)
{
    /// <summary>A dropout rate changes the network; a text that cannot be read has its own error.</summary>
    public static bool HasDropout(string text) => Read(text) is not { } architecture || architecture.UsesDropout;

    /// <summary>An activation changes the network.</summary>
    public static bool HasActivation(string text) => Read(text) is not { } architecture || architecture.UsesActivation;

    /// <summary>
    /// A text that is equal for equal networks: what parameters replace in every configuration is left out, and so is
    /// the activation that belongs to the loss where the loss is known.
    /// </summary>
    public string Of(string text, SweepSpecification specification)
    {
        if (Read(text) is not { } architecture)
            return text;
        try
        {
            architecture = architecture.With(
                IsAlways(ParameterNames.Dropout) ? 0.5 : null, IsAlways(ParameterNames.Activation) ? "relu" : null);
            if (data is null)
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

        bool IsAlways(string name) =>
            specification.Parameters.Any(p => p.Name == name && p.Branches.Any(b => b.When.IsEmpty));
    }

    private static Architecture? Read(string text)
    {
        try
        {
            return Architecture.Parse(text);
        }
        catch (SweepsException)
        {
            return null;
        }
    }
}
