using System.Runtime.InteropServices;

namespace TorchSharp;

/// <summary>
/// The number of live tensors of the process. Threads that train side by side would fight over one counter, so there
/// are several, each on cache lines of its own.
/// </summary>
internal static class LiveTensors
{
    private const int Stripes = 32;
    private static readonly Counter[] Counters = new Counter[Stripes];

    public static long Count
    {
        get
        {
            long sum = 0;
            for (var i = 0; i < Stripes; i++) sum += Interlocked.Read(ref Counters[i].Value);
            return sum;
        }
    }

    public static void Add(long change) =>
        Interlocked.Add(ref Counters[Environment.CurrentManagedThreadId % Stripes].Value, change);

    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct Counter
    {
        [FieldOffset(64)]
        public long Value;
    }
}
