using TorchSharp;
using static Sweeps.TorchSharpTests.GradientInput;
using static TorchSharp.torch;

namespace Sweeps.TorchSharpTests;

/// <summary>
/// Goal: every operation's gradient is right. Method: central differences in double precision, case by case.
/// </summary>
public class GradientTests
{
    private static readonly GradientInput Any = In(-2, 2, 3, 4);
    private static readonly GradientInput Positive = In(0.3, 3, 3, 4);

    private static readonly Dictionary<string, GradientCase> Cases = new()
    {
        ["add"] = new(x => x[0].add(x[1]), Any, Any),
        ["add alpha"] = new(x => x[0].add(x[1], 0.7), Any, Any),
        ["add broadcast"] = new(x => x[0] + x[1], Any, In(-1, 1, 4)),
        ["add scalar"] = new(x => x[0].add(1.5, 2), Any),
        ["add_"] = new(x => x[0].clone().add_(x[1], 0.5), Any, Any),
        ["sub"] = new(x => x[0] - x[1], Any, Any),
        ["number - tensor"] = new(x => 2.5 - x[0], Any),
        ["sub_"] = new(x => x[0].clone().sub_(x[1]).sub_(0.5), Any, Any),
        ["mul"] = new(x => x[0] * x[1], Any, Any),
        ["mul number"] = new(x => 3 * x[0] * 0.5, Any),
        ["mul_"] = new(x => x[0].clone().mul_(x[1]).mul_(2), Any, Any),
        ["div"] = new(x => x[0] / x[1], Any, Positive),
        ["number / tensor"] = new(x => 2.0 / x[0], Positive),
        ["div_"] = new(x => x[0].clone().div_(x[1]).div_(2), Any, Positive),
        ["neg"] = new(x => -x[0], Any),
        ["pow number"] = new(x => x[0].pow(3), Any),
        ["pow tensor"] = new(x => x[0].pow(x[1]), Positive, Any),
        ["square"] = new(x => x[0].square(), Any),
        ["mm"] = new(x => x[0].mm(x[1]), Any, In(-1, 1, 4, 2)),
        ["matmul batches"] = new(x => x[0].matmul(x[1]), In(-1, 1, 2, 3, 4), In(-1, 1, 2, 4, 2)),
        ["matmul vectors"] = new(x => torch.matmul(x[0], x[1]), In(-1, 1, 4), In(-1, 1, 4)),
        ["addmm"] = new(x => x[0].addmm(x[1], x[2], 0.5f, 2), In(-1, 1, 3, 2), Any, In(-1, 1, 4, 2)),
        ["addmm_"] = new(x => x[0].clone().addmm_(x[1], x[2]), In(-1, 1, 3, 2), Any, In(-1, 1, 4, 2)),
        ["addcmul"] = new(x => x[0].addcmul(x[1], x[2], 0.3), Any, Any, Any),
        ["addcmul_"] = new(x => x[0].clone().addcmul_(x[1], x[2], 0.3), Any, Any, Any),
        ["addcdiv"] = new(x => x[0].addcdiv(x[1], x[2], 0.3), Any, Any, Positive),
        ["addcdiv_"] = new(x => x[0].clone().addcdiv_(x[1], x[2]), Any, Any, Positive),
        ["lerp"] = new(x => x[0].lerp(x[1], x[2]), Any, Any, In(0.1, 0.9, 3, 4)),
        ["lerp_"] = new(x => x[0].clone().lerp_(x[1], x[2]), Any, Any, In(0.1, 0.9, 3, 4)),
        ["sqrt"] = new(x => x[0].sqrt(), Positive),
        ["sqrt_"] = new(x => x[0].clone().sqrt_(), Positive),
        ["rsqrt"] = new(x => x[0].rsqrt(), Positive),
        ["exp"] = new(x => x[0].exp(), Any),
        ["log"] = new(x => x[0].log(), Positive),
        ["log1p"] = new(x => x[0].log1p(), Positive),
        ["abs"] = new(x => x[0].abs(), Any),
        ["reciprocal"] = new(x => x[0].reciprocal(), Positive),
        ["maximum"] = new(x => x[0].maximum(x[1]), Any, In(-1.9, 2.1, 3, 4)),
        ["minimum"] = new(x => torch.minimum(x[0], x[1]), Any, In(-1.9, 2.1, 3, 4)),
        ["clamp"] = new(x => x[0].clamp(-1.0, 1.0), Any),
        ["clamp_min_"] = new(x => x[0].clone().clamp_min_(0.1), Any),
        ["sigmoid"] = new(x => x[0].sigmoid(), Any),
        ["sigmoid_"] = new(x => x[0].clone().sigmoid_(), Any),
        ["tanh"] = new(x => x[0].tanh(), Any),
        ["tanh_"] = new(x => x[0].clone().tanh_(), Any),
        ["relu"] = new(x => x[0].relu(), Any),
        ["relu_"] = new(x => x[0].clone().relu_(), Any),
        ["gelu"] = new(x => x[0].gelu(), Any),
        ["elu"] = new(x => x[0].elu(0.7), Any),
        ["elu_"] = new(x => x[0].clone().elu_(0.7, 1.0, 1.0), Any),
        ["leaky_relu"] = new(x => x[0].leaky_relu(0.1), Any),
        ["leaky_relu_"] = new(x => x[0].clone().leaky_relu_(0.1), Any),
        ["threshold"] = new(x => x[0].threshold(0.05, -3), Any),
        ["threshold_"] = new(x => x[0].clone().threshold_(0.05, -3), Any),
        ["softmax"] = new(x => x[0].softmax(1), Any),
        ["log_softmax"] = new(x => x[0].log_softmax(-1), Any),
        ["sum"] = new(x => x[0].sum(), Any),
        ["sum dim"] = new(x => x[0].sum(1, keepdim: true), Any),
        ["sum dims"] = new(x => x[0].sum(0, 2), In(-1, 1, 2, 3, 4)),
        ["mean"] = new(x => x[0].mean(), Any),
        ["mean dims"] = new(x => x[0].mean([0], keepdim: true), Any),
        ["var"] = new(x => x[0].var(), Any),
        ["var dim"] = new(x => x[0].var(0, unbiased: false), Any),
        ["std"] = new(x => x[0].std([1], keepdim: true), Any),
        ["norm"] = new(x => x[0].norm(), Any),
        ["norm dim"] = new(x => x[0].norm(1, keepdim: true, p: 3), Any),
        ["max"] = new(x => x[0].max(), Any),
        ["max dim"] = new(x => x[0].max(1).values, Any),
        ["min dim"] = new(x => x[0].min(0, true).values, Any),
        ["view"] = new(x => x[0].view(2, 6), Any),
        ["reshape"] = new(x => x[0].t().reshape(6, 2), Any),
        ["flatten"] = new(x => x[0].flatten(1), In(-1, 1, 2, 3, 4)),
        ["narrow"] = new(x => x[0].narrow(1, 1, 2), Any),
        ["slice"] = new(x => x[0].slice(1, 0, 4, 2), Any),
        ["select"] = new(x => x[0].select(0, 2), Any),
        ["squeeze"] = new(x => x[0].squeeze(1), In(-1, 1, 3, 1, 2)),
        ["unsqueeze"] = new(x => x[0].unsqueeze(0), Any),
        ["transpose"] = new(x => x[0].transpose(0, 2), In(-1, 1, 2, 3, 4)),
        ["permute"] = new(x => x[0].permute(1, 2, 0), In(-1, 1, 2, 3, 4)),
        ["expand"] = new(x => x[0].expand(3, 4), In(-1, 1, 1, 4)),
        ["clone"] = new(x => x[0].clone(), Any),
        ["contiguous"] = new(x => x[0].t().contiguous(), Any),
        ["alias"] = new(x => x[0].alias(), Any),
        ["copy_"] = new(x => zeros(3, 4, dtype: ScalarType.Float64).copy_(x[0]), Any),
        ["to_type"] = new(x => x[0].mul(2).to_type(ScalarType.Float64, copy: true), Any),
        ["cat"] = new(x => cat([x[0], x[1]], 1), Any, In(-1, 1, 3, 2)),
        ["stack"] = new(x => stack([x[0], x[1]], 1), Any, Any),
        ["where"] = new(x => torch.where(x[0] > 0, x[0], x[1]), Any, Any),
        ["masked_fill"] = new(x => x[0].masked_fill(x[0] < 0, 5), Any),
        ["masked_fill_"] = new(x => x[0].clone().masked_fill_(x[0] < 0, 5), Any),
        ["gather"] = new(x => x[0].gather(1, tensor(new long[] { 0, 2, 1, 1, 3, 3 }).view(3, 2)), Any),
        ["index_select"] = new(x => x[0].index_select(0, tensor(new long[] { 2, 0, 2 })), Any),
        ["scatter_"] = new(
            x => x[0].clone().scatter_(1, tensor(new long[] { 0, 2, 1 }).view(3, 1), x[1]), Any, In(-1, 1, 3, 1)),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Backward_OfAnOperation_EqualsCentralDifferences(string name) => Cases[name].Check();
}
