namespace Sweeps.Client.Doctor;

/// <summary>Cores and thread pools: one training is one thread, and no library may start a pool beside it.</summary>
internal static class ThreadCheck
{
    private static readonly string[] s_variables = ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"];

    public static IEnumerable<Finding> Run()
    {
        yield return new("threads", "cores", $"{Environment.ProcessorCount}: as many slots unless you say otherwise");
        foreach (var name in s_variables)
        {
            var value = Environment.GetEnvironmentVariable(name);
            yield return value == "1"
                ? new("threads", name, "1")
                : new(
                    "threads", name, $"{value ?? "not set"}: pools beside the slots would slow both",
                    FindingStatus.Poor, $"start the program with ./sweeps, or: export {name}=1");
        }
    }
}
