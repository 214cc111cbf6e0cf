using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Stages;

/// <summary>Stages one after the other.</summary>
/// <param name="stages">The stages; none: the input is the output.</param>
/// <param name="firstLearning">The first of them with weights that learn: gradients end there where none are wanted of
/// the input; below 0: none has.</param>
internal sealed class StageChain(IReadOnlyList<Stage> stages, int firstLearning) : Stage
{
    /// <summary>The stage that sees the input; null: there is none.</summary>
    public Stage? First => stages.Count > 0 ? stages[0] : null;

    /// <summary>Whether it passes its input on as it is.</summary>
    public bool IsEmpty => stages.Count == 0;

    /// <inheritdoc />
    public override Matrix Forward(in Matrix input, bool learning)
    {
        var values = input;
        for (var i = 0; i < stages.Count; i++)
            values = stages[i].Forward(values, learning);
        return values;
    }

    /// <inheritdoc />
    public override Matrix Backward(in Matrix gradient, bool inputWanted)
    {
        var values = gradient;
        var last = inputWanted ? 0 : firstLearning;
        for (var i = stages.Count - 1; i >= last && i >= 0; i--)
            values = stages[i].Backward(values, inputWanted || i > last);
        return inputWanted ? values : default;
    }

    /// <inheritdoc />
    public override void BeginEpoch(int epoch)
    {
        foreach (var stage in stages)
            stage.BeginEpoch(epoch);
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        foreach (var stage in stages)
            stage.Dispose();
    }
}
