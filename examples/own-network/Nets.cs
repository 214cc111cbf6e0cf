using TorchSharp;
using static TorchSharp.torch;

namespace Own;

/// <summary>flatten | dense {width} relu | dense, as code.</summary>
public sealed class Mlp : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> _hidden;
    private readonly nn.Module<Tensor, Tensor> _last;

    /// <summary>inputShape and outputs are filled in from the data, width from the sweep file.</summary>
    public Mlp(long[] inputShape, int outputs, int width)
        : base(nameof(Mlp))
    {
        var inputs = inputShape.Aggregate(1L, (product, size) => product * size);
        _hidden = nn.Linear(inputs, width);
        _last = nn.Linear(width, outputs);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => _last.forward(nn.functional.relu(_hidden.forward(x.flatten(1))));
}

/// <summary>A network that no list of layers says: the hidden layer is applied again and again, with normalisation and
/// dropout between.</summary>
public sealed class Recurrent : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> _first;
    private readonly nn.Module<Tensor, Tensor> _again;
    private readonly nn.Module<Tensor, Tensor> _norm;
    private readonly nn.Module<Tensor, Tensor> _drop;
    private readonly nn.Module<Tensor, Tensor> _last;
    private readonly int _steps;

    public Recurrent(long[] inputShape, int outputs, int width = 32, int steps = 3, double dropout = 0.2)
        : base(nameof(Recurrent))
    {
        var inputs = inputShape.Aggregate(1L, (product, size) => product * size);
        _first = nn.Linear(inputs, width);
        _again = nn.Linear(width, width);
        _norm = nn.BatchNorm1d(width);
        _drop = nn.Dropout(dropout);
        _last = nn.Linear(width, outputs);
        _steps = steps;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var start = _first.forward(x.flatten(1));
        var state = nn.functional.relu(start);
        for (var step = 0; step < _steps; step++)
            state = _drop.forward(nn.functional.relu(_norm.forward(_again.forward(state) + start)));
        return _last.forward(state);
    }
}
