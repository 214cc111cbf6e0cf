using static TorchSharp.torch;

namespace Sweeps.TorchSharpTests;

public class SmokeTests
{
    [Fact]
    public void Backward_OfASquare_GivesTwiceTheInput()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 1.0, 2.0, 3.0 }, requires_grad: true);
        (x * x).sum().backward();
        Assert.Equal([2.0, 4.0, 6.0], x.grad!.data<double>().ToArray());
    }

    [Fact]
    public void Backward_IntoAPresetGradientThatIsAView_AddsInPlace()
    {
        using var scope = NewDisposeScope();
        var flat = zeros(6);
        var grads = ones(6);
        var w = flat.narrow(0, 2, 4).view(2, 2).requires_grad_();
        w.grad = grads.narrow(0, 2, 4).view(2, 2);
        var x = ones(3, 2);
        nn.functional.linear(x, w).sum().backward();
        Assert.Equal([1f, 1f, 4f, 4f, 4f, 4f], grads.data<float>().ToArray());
        Assert.True(w.is_leaf);
        Assert.Equal(1, get_num_threads());
    }
}
