using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Whether operations on this tensor are recorded for the backward pass.</summary>
        public bool requires_grad
        {
            get => Native.CheckFlag(Native.ts_requires_grad(Handle));
            set => InPlace(Native.ts_set_requires_grad(Handle, value ? 1 : 0));
        }

        /// <summary>
        /// What backward passes added up: a new object over the same gradient each time, or null. A gradient that is
        /// set is added to in place by the next backward pass that does not record itself, so it may be a view of a
        /// larger buffer.
        /// </summary>
        public unsafe Tensor? grad
        {
            get
            {
                int failed;
                var gradient = Native.ts_grad(Handle, &failed);
                GC.KeepAlive(this);
                Native.Check(failed);
                return gradient == 0 ? null : new Tensor(gradient);
            }

            set => InPlace(Native.ts_set_grad(Handle, value?.Handle ?? 0), value);
        }

        /// <summary>
        /// Whether the tensor is no result of a recorded operation: backward passes fill leaves' gradients.
        /// </summary>
        public bool is_leaf => Native.CheckFlag(Native.ts_is_leaf(Handle));

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        /// <summary>Keeps the gradient of a tensor that is no leaf.</summary>
        public void retain_grad() => InPlace(Native.ts_retain_grad(Handle));

        /// <summary>Adds this scalar's derivatives to the gradients of the leaves it came from.</summary>
        public void backward() => autograd.backward([this]);

        public void backward(
            IList<Tensor>? grad_tensors = null,
            bool retain_graph = false,
            bool create_graph = false,
            IList<Tensor>? inputs = null) =>
            autograd.backward([this], grad_tensors, retain_graph, create_graph, inputs);
    }
}
