using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Seeds the process's own generator, which all threads share.</summary>
    public static Generator manual_seed(long seed) => Generator.Default.manual_seed(seed);

    /// <summary>A source of random numbers.</summary>
    public class Generator : IDisposable
    {
        private nint _handle;

        public Generator(ulong seed = 0, Device? device = null)
            : this(Native.Check(Native.ts_generator((long)seed))) => OnCpu(device);

        private Generator(nint handle) => _handle = handle;

        ~Generator() => Dispose(false);

        /// <summary>The process's own: a new object over it each time.</summary>
        public static Generator Default => new(Native.Check(Native.ts_default_generator()));

        public nint Handle =>
            _handle != 0 ? _handle : throw new InvalidOperationException("Generator invalid -- empty handle.");

        public Generator manual_seed(long seed)
        {
            Native.Check(Native.ts_generator_set_seed(Handle, seed));
            return this;
        }

        public long initial_seed() => Native.ts_generator_seed(Handle);

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            if (_handle != 0) Native.ts_generator_release(_handle);
            _handle = 0;
        }
    }
}
