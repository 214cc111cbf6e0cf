namespace Sweeps.Client.Machine;

/// <summary>One thing that 'sweeps doctor' looked at.</summary>
/// <param name="Area">What it belongs to: <c>program</c>, <c>libtorch</c>, <c>data</c>, ...</param>
/// <param name="Name">What was looked at.</param>
/// <param name="Value">What was found.</param>
/// <param name="Status">How it is to be taken.</param>
/// <param name="Mend">The command or step that mends it; null: nothing to mend.</param>
internal sealed record Finding(
    string Area, string Name, string Value, FindingStatus Status = FindingStatus.Ok, string? Mend = null);
