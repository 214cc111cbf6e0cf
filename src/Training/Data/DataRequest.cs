using Sweeps.Core.Trainings;

namespace Sweeps.Training.Data;

/// <summary>What decides the content of a data set: equal requests in one process share one data set.</summary>
/// <param name="Data"><c>mnist</c>, <c>fashion-mnist</c>, <c>cifar-10</c>, <c>digits</c>, or a path to a CSV
/// file.</param>
/// <param name="Label">CSV: the label column by name or zero-based index; null: the last column.</param>
/// <param name="Task">CSV: classification or regression; null: decided from the label column.</param>
public sealed record DataRequest(string Data, string? Label = null, TaskKind? Task = null)
{
    /// <summary>
    /// CSV: the file of the test part; null: <c>NAME-test.csv</c> beside <c>NAME.csv</c> if there is one, otherwise a
    /// fifth of the rows.
    /// </summary>
    public string? Test { get; init; }

    /// <summary>CSV: bring each feature to mean 0 and deviation 1, both measured on the training part alone.</summary>
    public bool Standardize { get; init; } = true;

    /// <summary>The data of a training.</summary>
    public static DataRequest Of(TrainingRequest request) => new(request.Data, request.Label, request.Task);
}
