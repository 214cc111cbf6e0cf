namespace Sweeps.Training.Torch;

/// <summary>What libtorch says when it refuses something, without its C++ stack trace.</summary>
internal static class LibtorchError
{
    // Where the trace begins, from libtorch 2 on and before.
    private static readonly string[] s_traces = ["\nException raised from ", "\nframe #"];

    /// <summary>
    /// The message for people. The frames that follow it hold addresses, which differ from process to process, and
    /// names of functions, which say nothing of the cause.
    /// </summary>
    public static string Says(string message)
    {
        var end = s_traces.Select(trace => message.IndexOf(trace, StringComparison.Ordinal))
            .Where(index => index >= 0)
            .DefaultIfEmpty(message.Length)
            .Min();
        return message[..end].Trim();
    }

    /// <summary>Whether it is about memory: "DefaultCPUAllocator: can't allocate memory".</summary>
    public static bool IsOutOfMemory(string says) => says.Contains("alloc", StringComparison.OrdinalIgnoreCase);
}
