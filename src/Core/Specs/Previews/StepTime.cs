namespace Sweeps.Core.Specs.Previews;

/// <summary>A measured step of training.</summary>
/// <param name="Architecture">The network, as <see cref="PreviewedArchitecture.Text"/>.</param>
/// <param name="BatchSize">Samples of the step.</param>
/// <param name="Seconds">Wall seconds of one step, after warming up.</param>
/// <param name="EvaluationSecondsPerSample">Wall seconds of judging one sample; null: not measured, a third of a
/// training sample's.</param>
public sealed record StepTime(
    string Architecture, int BatchSize, double Seconds, double? EvaluationSecondsPerSample = null)
{
    /// <summary>A forward pass is about a third of forward and backward together.</summary>
    internal double EvaluationPerSample => EvaluationSecondsPerSample ?? Seconds / BatchSize / 3;
}
