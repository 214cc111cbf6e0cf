namespace Sweeps.Core.Sweeps;

/// <summary>Says why a command gave no events.</summary>
/// <param name="Kind">The class of the reason.</param>
/// <param name="Message">The reason, for people and logs.</param>
public sealed record Rejection(RejectionKind Kind, string Message);
