using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// Disposes the tensors made on its thread while it is the innermost scope, unless they are moved or detached.
/// </summary>
public sealed partial class DisposeScope : IDisposable
{
    private readonly Guard _guard;
    private DisposeScopeManager? _manager;
    private Tensor[] _tensors = new Tensor[16];
    private int _count;

    internal DisposeScope(DisposeScopeManager manager)
    {
        _guard = new Guard(this);
        _manager = manager;
        OuterScope = manager.CurrentDisposeScope;
    }

    internal DisposeScope? OuterScope { get; set; }

    /// <summary>What the scope holds now: a copy.</summary>
    public IReadOnlyList<IDisposable> DisposablesView
    {
        get
        {
            ThrowIfDisposed();
            return _tensors[.._count];
        }
    }

    public int DisposablesCount
    {
        get
        {
            ThrowIfDisposed();
            return _count;
        }
    }

    public bool Contains(IDisposable disposable) => disposable is Tensor tensor && Holds(tensor);

    /// <summary>Takes a tensor out that was disposed by hand.</summary>
    public void MarkAsDisposed(IDisposable disposable)
    {
        ThrowIfDisposed();
        if (disposable is Tensor tensor && Remove(tensor)) tensor.LeaveScopes();
    }

    public void DisposeEverything() => DisposeEverythingBut([]);

    /// <summary>Disposes what the scope holds, except these; they stay in the scope.</summary>
    public void DisposeEverythingBut(IEnumerable<IDisposable> inKeep)
    {
        ThrowIfDisposed();
        var keep = inKeep.ToHashSet(ReferenceEqualityComparer.Instance);
        for (var i = _count - 1; i >= 0; i--)
        {
            // A disposed tensor leaves the scope by itself, and the last one takes its place: one that was looked at
            // already.
            if (keep.Count == 0 || !keep.Contains(_tensors[i])) _tensors[i].Dispose();
        }
    }

    public void Dispose()
    {
        if (_manager is not { } manager) return;
        for (var i = _count - 1; i >= 0; i--) _tensors[i].Dispose();
        manager.Remove(this);
        _manager = null;
        _guard.Dispose();
    }

    internal void Add(Tensor tensor)
    {
        if (_count == _tensors.Length) Array.Resize(ref _tensors, 2 * _count);
        tensor.OwningDisposeScope = this;
        tensor.PlaceInScope = _count;
        _tensors[_count++] = tensor;
    }

    internal bool Remove(Tensor tensor)
    {
        if (!Holds(tensor)) return false;
        var last = _tensors[--_count];
        _tensors[tensor.PlaceInScope] = last;
        last.PlaceInScope = tensor.PlaceInScope;
        _tensors[_count] = null!;
        tensor.OwningDisposeScope = null;
        return true;
    }

    private bool Holds(Tensor tensor) => tensor.OwningDisposeScope == this;

    private LifetimeStatistics Statistics
    {
        get
        {
            ThrowIfDisposed();
            return _manager!.StatisticsInstance.TensorStatistics;
        }
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_manager is null, this);

    private static Tensor AsTensor(IDisposable disposable) =>
        disposable as Tensor ?? throw new InvalidOperationException(
            "DisposeScope can only manage Tensor or PackedSequence");

    /// <summary>
    /// Frees the tensors of a scope that was forgotten on a thread that ended: the real scope has no finalizer of its
    /// own either. It is only collected together with all its tensors, since each of them refers to the scope.
    /// </summary>
    private sealed class Guard(DisposeScope scope) : IDisposable
    {
        ~Guard()
        {
            for (var i = 0; i < scope._count; i++) scope._tensors[i].Free();
        }

        public void Dispose() => GC.SuppressFinalize(this);
    }
}
