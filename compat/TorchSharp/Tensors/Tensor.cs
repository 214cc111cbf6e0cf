using System.Runtime.CompilerServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>An array of numbers of libtorch, with its gradient where one is asked for.</summary>
    public partial class Tensor : IDisposable
    {
        private nint _handle;
        private TensorGuard? _guard;

        internal Tensor(nint handle)
        {
            _handle = handle;
            LiveTensors.Add(1);
            if (!DisposeScopeManager.ThreadSingleton.Register(this)) LeaveScopes();
        }

        /// <summary>Tensors of all threads that are not disposed or collected yet.</summary>
        public static long TotalCount => LiveTensors.Count;

        /// <summary>The native tensor.</summary>
        /// <exception cref="InvalidOperationException">The tensor was disposed.</exception>
        public nint Handle => _handle != 0 ? _handle : throw DisposedError();

        public bool IsInvalid => _handle == 0;

        internal DisposeScope? OwningDisposeScope { get; set; }

        internal int PlaceInScope { get; set; }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            if (_handle == 0) return;
            DisposeScopeManager.ThreadSingleton.CountDisposed(this);
            OwningDisposeScope?.Remove(this);
            EnterScope();
            Free();
        }

        /// <summary>From now on a scope frees the tensor.</summary>
        internal void EnterScope()
        {
            _guard?.Dispose();
            _guard = null;
        }

        /// <summary>From now on the tensor is freed when it is disposed, or collected.</summary>
        internal void LeaveScopes()
        {
            if (_handle != 0) _guard = new TensorGuard(_handle);
        }

        internal void Free()
        {
            TensorGuard.Free(_handle);
            _handle = 0;
        }

        /// <summary>Keeps the tensor past its scope's end, until the scope around it ends.</summary>
        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        /// <summary>Takes the tensor out of every scope: it lives until it is disposed.</summary>
        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other.OwningDisposeScope);

        public Tensor MoveToOtherDisposeScope(DisposeScope? other)
        {
            if (OwningDisposeScope is null) other?.Attach(this);
            else OwningDisposeScope.MoveToOther(other, this);
            return this;
        }

        /// <summary>
        /// Whether all elements and the shape are equal; <see cref="eq(Tensor)"/> compares one by one.
        /// </summary>
        public bool Equals(Tensor target)
        {
            if (target is null) return false;
            var equal = Native.ts_equal(Handle, target.Handle);
            GC.KeepAlive(this);
            GC.KeepAlive(target);
            return Native.CheckFlag(equal);
        }

        public override bool Equals(object? obj) => obj is Tensor tensor && Equals(tensor);

        public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

        // The operands are named so that the collector cannot finalize one while libtorch works on it.
        private static Tensor Result(nint handle, Tensor first)
        {
            GC.KeepAlive(first);
            return new Tensor(Native.Check(handle));
        }

        private static Tensor Result(nint handle, Tensor first, Tensor? second, Tensor? third = null)
        {
            GC.KeepAlive(first);
            GC.KeepAlive(second);
            GC.KeepAlive(third);
            return new Tensor(Native.Check(handle));
        }

        private Tensor InPlace(int status, Tensor? first = null, Tensor? second = null)
        {
            GC.KeepAlive(first);
            GC.KeepAlive(second);
            Native.Check(status);
            return this;
        }

        private static InvalidOperationException DisposedError() => new("Tensor invalid -- empty handle.");
    }
}
