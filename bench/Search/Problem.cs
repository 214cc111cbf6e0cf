using Sweeps.Core.Space;

namespace Sweeps.Bench.Search;

/// <summary>A function to be minimised over a space, and its least value.</summary>
internal sealed record Problem(string Name, SearchSpace Space, Func<ParameterAssignment, double> Cost, double Least)
{
    private static readonly Bounds s_anything = new(double.NegativeInfinity, double.PositiveInfinity, false, false);

    private static readonly double[][] s_hartmannWidths =
    [
        [10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14],
    ];

    private static readonly double[][] s_hartmannCentres =
    [
        [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886], [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
        [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650], [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
    ];

    /// <summary>The functions (Surjanovic and Bingham, Virtual Library of Simulation Experiments).</summary>
    public static IReadOnlyList<Problem> All { get; } =
    [
        Continuous("Branin", [(-5, 10), (0, 15)], Branin, 0.39788735772973816),
        Continuous("Hartmann 6", Cube(6, 0, 1), Hartmann, -3.32236801141551),
        Continuous("Rosenbrock 10", Cube(10, -5, 10), Rosenbrock, 0),
        Continuous("Ackley 20", Cube(20, -32.768, 32.768), Ackley, 0),
        Continuous("Ackley 20, off the middle", Cube(20, -16.384, 49.152), Ackley, 0),
        Mixed(),
        Continuous("Levy 8", Cube(8, -10, 10), Levy, 0),
        Continuous("Griewank 6", Cube(6, -600, 600), Griewank, 0),
        Continuous("Styblinski-Tang 5", Cube(5, -5, 5), StyblinskiTang, 5 * -39.16616570377142),
    ];

    private static (double, double)[] Cube(int dimensions, double min, double max) =>
        [.. Enumerable.Repeat((min, max), dimensions)];

    private static Problem Continuous(
        string name, (double Min, double Max)[] ranges, Func<double[], double> function, double least)
    {
        var names = Enumerable.Range(1, ranges.Length).Select(i => $"x{i}").ToArray();
        return new(
            name,
            SpaceOf(names.Select((x, i) => Range(x, ranges[i].Min, ranges[i].Max, isLog: false))),
            values => function(Array.ConvertAll(names, x => values[x]!.Value.Number)),
            least);
    }

    /// <summary>
    /// Shaped like a training: a rate that depends on the optimizer, a momentum that only one of two has, a width of
    /// which more helps less and less, and a dropout that only wide networks need.
    /// </summary>
    private static Problem Mixed()
    {
        var sgd = new Condition("optimizer", [ParameterValue.Of("sgd")]);
        var momentum = new ParameterBranch([sgd], Line(0, 0.99, isLog: false));
        var space = SpaceOf(
        [
            Choice("optimizer", "sgd", "adam", "rmsprop"), Choice("activation", "relu", "tanh", "gelu", "elu"),
            Range("learning_rate", 1e-5, 1, isLog: true), new("momentum", [momentum]),
            new("batch_size", [new([], new ChoiceDomain([.. Numbers(16, 32, 64, 128, 256, 512)], []))]),
            Range("dropout", 0, 0.8, isLog: false), Range("weight_decay", 1e-7, 1e-1, isLog: true),
        ]);
        return new("mixed, conditional", space, MixedCost, 0);
    }

    private static double MixedCost(ParameterAssignment values)
    {
        double Number(string name) => values[name]!.Value.Number;
        var optimizer = values["optimizer"]!.Value.Text;
        var momentum = optimizer == "sgd" ? Number("momentum") : 0;
        var bestRate = optimizer switch { "sgd" => -1 + Math.Log10(1 - momentum), "adam" => -3, _ => -3.5 };
        var rate = Math.Log10(Number("learning_rate")) - bestRate;
        var batch = Math.Log2(Number("batch_size")) - 6;
        var activation = values["activation"]!.Value.Text switch { "gelu" => 0, "relu" => 0.1, "elu" => 0.2, _ => 0.4 };
        var kind = optimizer switch { "sgd" => 0.8 * (0.9 - momentum) * (0.9 - momentum), "adam" => 0.05, _ => 0.15 };
        var decay = Math.Log10(Number("weight_decay")) + 4;
        return (rate * rate / 2) + (batch * batch / 20) + activation + kind
            + (4 * (Number("dropout") - 0.3) * (Number("dropout") - 0.3)) + (decay * decay / 30);
    }

    private static IEnumerable<ParameterValue> Numbers(params double[] numbers) => numbers.Select(ParameterValue.Of);

    private static SearchSpace SpaceOf(IEnumerable<SearchedParameter> parameters) =>
        new([Choice("architecture", "mlp-5"), .. parameters], [], Epochs: 1);

    private static SearchedParameter Choice(string name, params string[] values) =>
        new(name, [new([], new ChoiceDomain([.. values.Select(ParameterValue.Of)], []))]);

    private static SearchedParameter Range(string name, double min, double max, bool isLog) =>
        new(name, [new([], Line(min, max, isLog))]);

    private static RangeDomain Line(double min, double max, bool isLog) => new(min, max, isLog, null, s_anything);

    private static double Branin(double[] x)
    {
        var bend = x[1] - 5.1 * x[0] * x[0] / (4 * Math.PI * Math.PI) + 5 * x[0] / Math.PI - 6;
        return bend * bend + 10 * (1 - 1 / (8 * Math.PI)) * Math.Cos(x[0]) + 10;
    }

    private static double Hartmann(double[] x)
    {
        double[] heights = [1, 1.2, 3, 3.2];
        return -heights.Select((height, i) => height * Math.Exp(-x.Select(
            (value, j) => s_hartmannWidths[i][j] * Math.Pow(value - s_hartmannCentres[i][j], 2)).Sum())).Sum();
    }

    private static double Rosenbrock(double[] x)
    {
        var sum = 0.0;
        for (var i = 0; i + 1 < x.Length; i++)
            sum += 100 * (x[i + 1] - x[i] * x[i]) * (x[i + 1] - x[i] * x[i]) + (1 - x[i]) * (1 - x[i]);
        return sum;
    }

    private static double Ackley(double[] x) =>
        -20 * Math.Exp(-0.2 * Math.Sqrt(x.Average(value => value * value)))
        - Math.Exp(x.Average(value => Math.Cos(2 * Math.PI * value))) + 20 + Math.E;

    private static double Levy(double[] x)
    {
        var w = Array.ConvertAll(x, value => 1 + (value - 1) / 4);
        var sum = Square(Math.Sin(Math.PI * w[0]));
        for (var i = 0; i + 1 < w.Length; i++)
            sum += Square(w[i] - 1) * (1 + 10 * Square(Math.Sin(Math.PI * w[i] + 1)));
        return sum + Square(w[^1] - 1) * (1 + Square(Math.Sin(2 * Math.PI * w[^1])));
    }

    private static double Griewank(double[] x) =>
        1 + x.Sum(Square) / 4000
        - x.Select((value, i) => Math.Cos(value / Math.Sqrt(i + 1))).Aggregate((left, right) => left * right);

    private static double StyblinskiTang(double[] x) =>
        x.Sum(value => Square(value) * Square(value) - 16 * Square(value) + 5 * value) / 2;

    private static double Square(double value) => value * value;
}
