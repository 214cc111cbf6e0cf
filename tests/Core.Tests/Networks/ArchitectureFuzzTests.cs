using System.Diagnostics;
using System.Text;
using Sweeps.Core.Networks;
using Sweeps.Core.Randomness;
using Xunit.Abstractions;

namespace Sweeps.Core.Tests.Networks;

/// <summary>
/// Mutated architectures: whatever the input, the answer is a <see cref="SweepsException"/> or a plan within the
/// limits, soon. The seed and the number of the case are in the failure's message: a case is made from them alone.
/// </summary>
public sealed class ArchitectureFuzzTests(ITestOutputHelper output)
{
    private const long Seed = 20_261_120;

    /// <summary>For a case that takes a millisecond, on however busy a machine.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(30);

    private static readonly TensorShape[] s_inputs =
        [TensorShape.Image(1, 28, 28), TensorShape.Image(3, 32, 32), TensorShape.Flat(13), TensorShape.Image(1, 1, 1)];

    private static readonly string[] s_pieces =
    [
        "|", " | ", " ", "dense", "conv", "max_pool", "avg_pool", "flatten", "residual", "batch_norm", "dropout",
        "relu", "softmax", "leaky_relu", "same", "valid", "stride", "pad", "no_bias", "3x3", "x", "0", "1", "2", "-1",
        "0.5", "1e308", "1e-308", "NaN", "Infinity", "1000000", "2147483647", "2147483648", "99999999999999999999",
        "mlp-", "cnn-lab", "\0", "\u00e9", "\ud83d\ude00", "\ud800", "\t", "\n", "'", "\"", "{", "}", "[", "]", ":",
        ",", "null", "true", "[3,3]", "{}", "\"class_name\":", "\"config\":", "\"Dense\"", "\"units\":",
    ];

    private static readonly string[] s_texts =
    [
        .. BuiltInArchitectures.All.Select(known => known.Name),
        .. BuiltInArchitectures.All.Select(known => known.Layers),
        "conv 16 3x3 same no_bias | batch_norm momentum 0.9 epsilon 1e-3 | relu | residual 16 stride 2 elu 0.5 | "
        + "global_avg_pool | dense softmax",
        "mlp-128x3", "mlp-30-20-10",
    ];

    private static readonly string[] s_json =
    [
        KerasModelTests.Keras2, KerasModelTests.Keras3,
        """["flatten", {"dense": {"units": 128, "activation": "relu"}}, {"dropout": 0.2}, {"dense": null}]""",
        """[{"conv2d": {"filters": 8, "kernel_size": 5, "padding": "same", "strides": [2, 2]}}, "flatten", "dense"]""",
    ];

    [Fact]
    public void Parse_MutatedTexts_GiveAPlanOrAClearError() => Fuzz(1, s_texts, 2_000);

    [Fact]
    public void Parse_MutatedJson_GivesAPlanOrAClearError() => Fuzz(2, s_json, 2_000);

    [Fact]
    [Trait("Speed", "slow")]
    public void Parse_TenThousandMutatedTexts_GiveAPlanOrAClearError() => Fuzz(1, s_texts, 10_000);

    [Fact]
    [Trait("Speed", "slow")]
    public void Parse_TenThousandMutatedJson_GivesAPlanOrAClearError() => Fuzz(2, s_json, 10_000);

    private void Fuzz(int kind, string[] sources, int cases)
    {
        output.WriteLine($"seed {Seed}, kind {kind}, {cases} cases");
        var (valid, refused) = (0, 0);
        var slowest = TimeSpan.Zero;
        for (var i = 0; i < cases; i++)
        {
            var stream = new RandomStream(new(Seed, Purpose.Simulation, Epoch: kind, Index: i));
            var text = Mutate(sources[stream.NextInt(sources.Length)], stream);
            var input = s_inputs[stream.NextInt(s_inputs.Length)];
            var started = Stopwatch.GetTimestamp();
            try
            {
                var plan = NetworkShape.Create(Architecture.Parse(text), input, 10);
                Assert.InRange(plan.Weights, 0, NetworkLimits.MaxWeights);
                Assert.Equal(10, plan.Layers[^1].Output.Size);
                Assert.Equal(plan.Architecture, Architecture.Parse(plan.Architecture.ToString()));
                valid++;
            }
            catch (SweepsException error)
            {
                Assert.Equal(ErrorKind.Usage, error.Kind);
                Assert.True(error.Message.Length is > 20 and < 1000,
                    $"Seed {Seed}, kind {kind}, case {i}: {error.Message}");
                refused++;
            }
            catch (Exception error)
            {
                Assert.Fail($"Seed {Seed}, kind {kind}, case {i} on {input}: {text}\n{error}");
            }

            var took = Stopwatch.GetElapsedTime(started);
            slowest = took > slowest ? took : slowest;
            Assert.True(took < s_longest, $"Seed {Seed}, kind {kind}, case {i} took {took}: {text}");
        }

        output.WriteLine($"{valid} valid, {refused} refused, slowest {slowest.TotalMilliseconds:0} ms");
        // Both ends must be reached, or the test would show nothing.
        Assert.InRange(valid, cases / 100, cases - cases / 10);
    }

    private static string Mutate(string source, RandomStream stream)
    {
        var text = new StringBuilder(source);
        for (var edits = stream.NextInt(5); edits > 0; edits--)
        {
            var at = stream.NextInt(text.Length + 1);
            var length = Math.Min(stream.NextInt(12), text.Length - at);
            switch (stream.NextInt(6))
            {
                case 0:
                    text.Remove(at, length);
                    break;
                case 1:
                    text.Insert(at, s_pieces[stream.NextInt(s_pieces.Length)]);
                    break;
                case 2:
                    text.Remove(at, length).Insert(at, s_pieces[stream.NextInt(s_pieces.Length)]);
                    break;
                case 3:
                    text.Insert(at, (char)stream.NextInt(0x10000));
                    break;
                case 4:
                    text.Insert(at, text.ToString(at, length));
                    break;
                default:
                    ReplaceNumber(text, at, stream);
                    break;
            }
        }

        return stream.NextInt(200) == 0 ? string.Concat(Enumerable.Repeat(text.ToString(), 40)) : text.ToString();
    }

    private static void ReplaceNumber(StringBuilder text, int from, RandomStream stream)
    {
        while (from < text.Length && !char.IsAsciiDigit(text[from]))
            from++;
        var end = from;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
            end++;
        var digits = Math.Max(1, stream.NextInt(8));
        var bound = (int)Math.Pow(10, digits);
        text.Remove(from, end - from).Insert(from, stream.NextInt(bound));
    }
}
