using System.Runtime.InteropServices;

namespace Sweeps.Training.Numerics;

/// <summary>
/// Floats outside the managed heap, zero at first, aligned to a cache line and padded to whole vectors: loops over them
/// need no remainder, threads never share a line, and the garbage collector never sees a training's memory.
/// </summary>
internal sealed unsafe class FloatBuffer : IDisposable
{
    /// <summary>Floats in the widest vector; every length and row stride is a multiple.</summary>
    public const int Lane = 16;

    // Two lines: processors fetch lines in pairs.
    private const int Alignment = 128;

    private readonly bool _borrowed;
    private void* _memory;

    /// <summary>Room for <paramref name="length"/> floats, rounded up to whole vectors.</summary>
    /// <exception cref="OutOfMemoryException">The system gives no more memory.</exception>
    public FloatBuffer(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        var padded = RoundUp(length);
        if (padded > int.MaxValue)
            throw new InsufficientMemoryException(
                $"{length} numbers in one buffer are more than the {int.MaxValue} supported.");
        Length = (int)padded;
        var bytes = (nuint)(((padded * sizeof(float)) + Alignment - 1) / Alignment * Alignment);
        _memory = NativeMemory.AlignedAlloc(Math.Max(bytes, Alignment), LargePages.AlignmentOf(bytes) ?? Alignment);
        LargePages.Advise(_memory, bytes);
        NativeMemory.Clear(_memory, bytes);
    }

    /// <summary>
    /// Memory that belongs to somebody else, who keeps it while this is used; <paramref name="length"/> as it is.
    /// </summary>
    public FloatBuffer(float* memory, int length)
    {
        _memory = memory;
        Length = length;
        GC.SuppressFinalize(this);
        _borrowed = true;
    }

    /// <summary>Gives memory back that nobody disposed of: a training that failed half-way.</summary>
    ~FloatBuffer() => Free();

    /// <summary>Floats in it, padding included.</summary>
    public int Length { get; }

    /// <summary>The first float; valid until disposed.</summary>
    public float* Pointer => (float*)_memory;

    /// <summary>All floats, padding included.</summary>
    public Span<float> Span => new(_memory, _memory is null ? 0 : Length);

    /// <summary>The next multiple of <see cref="Lane"/>.</summary>
    public static long RoundUp(long count) => (count + Lane - 1) / Lane * Lane;

    /// <summary>The next multiple of <see cref="Lane"/>.</summary>
    public static int RoundUp(int count) => checked((int)RoundUp((long)count));

    /// <inheritdoc />
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (!_borrowed)
            NativeMemory.AlignedFree(_memory);
        _memory = null;
    }
}

/// <summary>
/// Asks the system for pages of 2 MiB under large buffers, where it gives them to who asks (Linux, "madvise" in
/// /sys/kernel/mm/transparent_hugepage/enabled): 512 times fewer page faults when a training begins, and fewer misses
/// of the processor's table of pages. Where it does not, nothing changes but the alignment.
/// </summary>
internal static unsafe partial class LargePages
{
    private const nuint Page = 2 << 20;
    private const int MadviseHugePage = 14;

    private static readonly bool s_asks = OperatingSystem.IsLinux();

    /// <summary>What a buffer of so many bytes is to be aligned to; null: it is too small to matter.</summary>
    public static nuint? AlignmentOf(nuint bytes) => s_asks && bytes >= Page ? Page : null;

    /// <summary>Asks for large pages under the whole ones of a buffer that is aligned to them.</summary>
    public static void Advise(void* memory, nuint bytes)
    {
        // Only advice: what the system answers changes no result.
        if (AlignmentOf(bytes) is not null)
            _ = Advise(memory, bytes / Page * Page, MadviseHugePage);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* memory, nuint bytes, int advice);
}
