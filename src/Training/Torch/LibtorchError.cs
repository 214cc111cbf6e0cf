namespace Sweeps.Training.Torch;

/// <summary>What libtorch says when it refuses something.</summary>
internal static class LibtorchError
{
    /// <summary>
    /// The message without its C++ stack trace, whose addresses differ from process to process.
    /// </summary>
    public static string Says(string message) =>
        message.Split("\nException raised from ", 2)[0].Trim();

    /// <summary>Whether it is about memory: "DefaultCPUAllocator: can't allocate memory".</summary>
    public static bool IsOutOfMemory(string says) => says.Contains("alloc", StringComparison.OrdinalIgnoreCase);
}
