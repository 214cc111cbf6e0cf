using Sweeps.Core.Trainings;

namespace Sweeps.Core.Sweeps;

/// <summary>A trial that a silo may train now.</summary>
/// <param name="Attempt">Trial and attempt; every report carries it.</param>
/// <param name="Request">What to train.</param>
/// <param name="Exclusive">Without neighbours on the silo.</param>
public sealed record Assignment(AttemptId Attempt, TrainingRequest Request, bool Exclusive);
