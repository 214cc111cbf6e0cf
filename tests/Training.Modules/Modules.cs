using static TorchSharp.torch;

namespace Sweeps.Training.Modules;

/// <summary>A dense layer, and a mistake that each of those below adds.</summary>
public abstract class Dense : nn.Module<Tensor, Tensor>
{
    /// <summary>Makes the layer.</summary>
    protected Dense(long[] inputShape, int outputs)
        : base(nameof(Dense))
    {
        Layer = nn.Linear(inputShape.Aggregate(1L, (product, size) => product * size), outputs);
        RegisterComponents();
    }

    /// <summary>The layer.</summary>
    protected nn.Module<Tensor, Tensor> Layer { get; }

    /// <inheritdoc />
    public override Tensor forward(Tensor x) => Layer.forward(x.flatten(1));
}

/// <summary>One value for all samples together.</summary>
public sealed class OneAnswer(long[] inputShape, int outputs) : Dense(inputShape, outputs)
{
    /// <inheritdoc />
    public override Tensor forward(Tensor x) => base.forward(x).sum();
}

/// <summary>More outputs than the data have.</summary>
public sealed class OneTooMany(long[] inputShape, int outputs) : Dense(inputShape, outputs + 1);

/// <summary>Its answer has another number of rows for some batches.</summary>
public sealed class FewerRows(long[] inputShape, int outputs) : Dense(inputShape, outputs)
{
    /// <inheritdoc />
    public override Tensor forward(Tensor x) => base.forward(x.shape[0] > 2 ? x.narrow(0, 0, 1) : x);
}

/// <summary>Fails at once.</summary>
public sealed class Fails(long[] inputShape, int outputs) : Dense(inputShape, outputs)
{
    /// <inheritdoc />
    public override Tensor forward(Tensor x) => throw new InvalidOperationException("the forward of the test");
}

/// <summary>Fails when it gets as many samples as a training has, and not before.</summary>
public sealed class FailsLater(long[] inputShape, int outputs) : Dense(inputShape, outputs)
{
    /// <inheritdoc />
    public override Tensor forward(Tensor x) =>
        x.shape[0] > 2 ? throw new InvalidOperationException("more than two") : base.forward(x);
}

/// <summary>Cannot be made from outside.</summary>
public sealed class Hidden : Dense
{
    private Hidden(long[] inputShape, int outputs)
        : base(inputShape, outputs)
    {
    }

    /// <summary>Its way to be made, which nobody knows.</summary>
    public static Hidden Make(long[] inputShape, int outputs) => new(inputShape, outputs);
}

/// <summary>Each answer depends on how many there were before.</summary>
public sealed class Counts(long[] inputShape, int outputs) : Dense(inputShape, outputs)
{
    private int _passes;

    /// <inheritdoc />
    public override Tensor forward(Tensor x) => base.forward(x) * ++_passes;
}

/// <summary>What it learned from goes into its answers, and is no buffer.</summary>
public sealed class Remembers(long[] inputShape, int outputs) : Dense(inputShape, outputs)
{
    private float _seen;

    /// <inheritdoc />
    public override Tensor forward(Tensor x)
    {
        if (training)
            _seen += 1;
        return base.forward(x) + _seen;
    }
}

/// <summary>The same in a buffer, which belongs to checkpoints.</summary>
public sealed class RemembersRightly : Dense
{
    private readonly Tensor _seen = zeros(1);

    /// <summary>Makes the buffer.</summary>
    public RemembersRightly(long[] inputShape, int outputs)
        : base(inputShape, outputs) => register_buffer("seen", _seen);

    /// <inheritdoc />
    public override Tensor forward(Tensor x)
    {
        if (training)
        {
            using var off = no_grad();
            _seen.add_(1);
        }

        return base.forward(x) + _seen;
    }
}
