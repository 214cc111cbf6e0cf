namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>How the losses of the samples become one.</summary>
        public enum Reduction : long
        {
            /// <summary>They do not.</summary>
            None = 0,
            Mean = 1,
            Sum = 2,
        }

        /// <summary>Layers and losses as functions.</summary>
        public static partial class functional
        {
            private static Tensor Result(nint handle, Tensor first, Tensor? second = null, Tensor? third = null)
            {
                GC.KeepAlive(first);
                GC.KeepAlive(second);
                GC.KeepAlive(third);
                return new Tensor(Interop.Native.Check(handle));
            }
        }
    }
}
