using Sweeps.Core.Trainings;

namespace Sweeps.Core.Sweeps;

/// <summary>The kinds of failure in words.</summary>
internal static class FailureWords
{
    public static string Of(TrainingFailure kind) => kind switch
    {
        TrainingFailure.Data => "data error",
        TrainingFailure.Network => "network error",
        TrainingFailure.OutOfMemory => "out of memory",
        _ => "error",
    };
}
