using Sweeps.Core.Training;
using Sweeps.Training.Data;

namespace Sweeps.Training.Runs;

/// <summary>Which samples of the training part a request learns from and which it holds out.</summary>
internal static class SampleChoice
{
    /// <summary>Stratified where there are classes.</summary>
    /// <exception cref="Core.SweepsException">Too few samples for the split.</exception>
    public static SampleSplit Of(TrainingRequest request, DataSet data) => data.Task == TaskKind.Classification
        ? SampleSplit.Of(request.Split, data.Train.Labels, request.Seed, request.SampleLimit)
        : SampleSplit.Of(request.Split, data.Train.Count, request.Seed, request.SampleLimit);
}
