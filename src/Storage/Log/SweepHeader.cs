namespace Sweeps.Storage;

/// <summary>What finds a sweep without reading its log. Derived from the events by the one who appends them.</summary>
/// <param name="IsOpen">False: nothing is left to do; workers no longer look at the sweep.</param>
/// <param name="Priority">Higher ones first.</param>
/// <param name="Summary">Fields for a listing (name, state, counts), as JSON, opaque to the store.</param>
public sealed record SweepHeader(bool IsOpen, int Priority, string Summary)
{
    /// <summary>The header of a sweep whose first append gave none.</summary>
    public static SweepHeader Default { get; } = new(true, 0, "{}");
}
