using TorchSharp;
using static TorchSharp.torch;

namespace Sweeps.TorchSharpTests;

public class AutogradTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    /// <summary>The trainer keeps all gradients in one buffer and relies on this.</summary>
    [Fact]
    public void Backward_IntoPresetGradientsThatAreViews_AddsInPlaceToTheBuffer()
    {
        var parameters = zeros(9);
        var gradients = ones(9);
        var weight = parameters.narrow(0, 1, 6).view(2, 3).requires_grad_();
        var bias = parameters.narrow(0, 7, 2).requires_grad_();
        weight.grad = gradients.narrow(0, 1, 6).view(2, 3);
        bias.grad = gradients.narrow(0, 7, 2);
        for (var step = 1; step <= 3; step++)
        {
            nn.functional.linear(ones(4, 3), weight, bias).sum().backward();
            var added = 1f + 4 * step;
            Assert.Equal(
                [1, added, added, added, added, added, added, added, added], gradients.data<float>().ToArray());
        }

        gradients.fill_(0);
        Assert.Equal(0f, weight.grad!.abs().sum().ToSingle());
        Assert.True(weight.is_leaf);
    }

    [Fact]
    public void Backward_IntoPresetGradientsOfAConvolution_AddsInPlaceToTheBuffer()
    {
        var gradients = zeros(18 + 5);
        var weight = ones(2, 1, 3, 3, requires_grad: true);
        weight.grad = gradients.narrow(0, 3, 18).view(2, 1, 3, 3);
        nn.functional.conv2d(ones(16, 1, 5, 5), weight, padding: [1, 1]).sum().backward();
        Assert.Equal(gradients.narrow(0, 3, 18).sum().ToSingle(), weight.grad!.sum().ToSingle());
        Assert.Equal(16f * (4 * 16 + 4 * 20 + 25) * 2, gradients.sum().ToSingle());
    }

    [Fact]
    public void Gradients_AddUp_UntilTheyAreSetToNull()
    {
        var x = tensor(new[] { 1f, 2 }, requires_grad: true);
        (x * x).sum().backward();
        (x * x).sum().backward();
        Assert.Equal([4f, 8], x.grad!.data<float>().ToArray());
        x.grad = null;
        Assert.Null(x.grad);
        (x * 3).sum().backward();
        Assert.Equal([3f, 3], x.grad!.data<float>().ToArray());
    }

    [Fact]
    public void Grad_OfTwoInputs_ReturnsTheDerivativesAndTouchesNoGradient()
    {
        var x = tensor(new[] { 2.0 }, requires_grad: true);
        var y = tensor(new[] { 3.0 }, requires_grad: true);
        var found = autograd.grad([(x * x * y).sum()], [x, y]);
        Assert.Equal([12.0, 4.0], found.Select(g => g.item<double>()));
        Assert.Null(x.grad);
        Assert.Equal([6.0], autograd.grad([x * y], [y], [tensor(new[] { 3.0 })]).Select(g => g.item<double>()));
    }

    [Fact]
    public void Grad_OfAGradient_IsTheSecondDerivative()
    {
        var x = tensor(new[] { 2.0 }, requires_grad: true);
        var first = autograd.grad([x.pow(4).sum()], [x], create_graph: true)[0];
        Assert.Equal(32.0, first.item<double>(), 10);
        Assert.Equal(48.0, autograd.grad([first.sum()], [x])[0].item<double>(), 10);
    }

    [Fact]
    public void Backward_WithAWeightPerElement_MultipliesByIt()
    {
        var x = tensor(new[] { 1f, 2 }, requires_grad: true);
        (x * x).backward([tensor(new[] { 10f, 100 })]);
        Assert.Equal([20f, 400], x.grad!.data<float>().ToArray());
        var y = x * 2;
        y.sum().backward(retain_graph: true);
        y.sum().backward();
        Assert.Equal([24f, 404], x.grad!.data<float>().ToArray());
    }

    [Fact]
    public void NoGrad_UntilDisposed_RecordsNothing()
    {
        var x = ones(2, requires_grad: true);
        using (no_grad())
        {
            Assert.False(is_grad_enabled());
            Assert.False((x * 2).requires_grad);
            x.add_(1);
            using (enable_grad()) Assert.True((x * 2).requires_grad);
            Assert.False(is_grad_enabled());
        }

        using (set_grad_enabled(false)) Assert.False(is_grad_enabled());
        Assert.True(is_grad_enabled());
        var y = x * 2;
        Assert.True(y.requires_grad);
        Assert.False(y.is_leaf);
        Assert.False(y.detach().requires_grad);
        using (inference_mode()) Assert.False((x * 2).requires_grad);
        Assert.Equal([2f, 2], x.data<float>().ToArray());
    }

    [Fact]
    public void RetainGrad_OfAResult_KeepsItsGradient()
    {
        var x = ones(2, requires_grad: true);
        var y = x * 3;
        y.retain_grad();
        (y * y).sum().backward();
        Assert.Equal([6f, 6], y.grad!.data<float>().ToArray());
    }

    [Fact]
    public void GradMode_OnOneThread_DoesNotReachAnother()
    {
        using var off = no_grad();
        var elsewhere = false;
        var thread = new Thread(() => elsewhere = is_grad_enabled());
        thread.Start();
        thread.Join();
        Assert.True(elsewhere);
        Assert.False(is_grad_enabled());
    }
}
