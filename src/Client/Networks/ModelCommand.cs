using System.CommandLine;
using Sweeps.Client.Data;
using Sweeps.Client.Plots;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Core.Networks;
using Sweeps.Core.Trainings;

namespace Sweeps.Client.Networks;

/// <summary>
/// <c>sweeps model ARCH</c>: the layers of a network with their shapes and weights, without training it.
/// </summary>
internal static class ModelCommand
{
    private sealed record Subject(string Name, TensorShape Input, int Outputs);

    private sealed record Inputs(string? Data, string? Shape, int? Classes);

    private sealed record Options(
        Argument<string?> Architecture, Option<string?> Data, Option<string?> Input, Option<int?> Classes,
        Option<string?> Dropout, Option<string?> Activation, Option<string[]> Size, Option<string?> Freeze,
        Option<string?> Draw, Option<bool> List, Option<bool> Json, DataOptions DataFolders);

    public static Command Create()
    {
        var architecture = new Argument<string?>("architecture")
        {
            Description = ArchitectureArgument.Description,
            Arity = ArgumentArity.ZeroOrOne,
        };
        var data = Named("--data", "name", "A data set's name, or a path to a CSV file or a folder of pictures.");
        var input = Named(
            "--input", "shape", "Instead of --data: the shape of a sample, such as 784, 28x28 or 32x32x3.");
        var classes = OptionValues.Whole(
            "--classes", 1, NetworkLimits.MaxSize, "With --input: number of classes; 1 for regression.");
        var dropout = Named("--dropout", "rate", "Replaces the rate of every dropout layer.");
        var activation = Named("--activation", "name", "Replaces every hidden activation.");
        var size = new Option<string[]>("--size")
        {
            Description = "What stands for a placeholder of the architecture, as in --size width=128; repeatable.",
            HelpName = "name=n",
            DefaultValueFactory = _ => [],
        };
        var draw = new Option<string?>("--draw")
        {
            Description = "Draw the network into a file too, which ends in .png, .svg or .pdf.",
            HelpName = "file",
        };
        var freeze = Named(
            "--freeze", "layers", $"Layers that would keep their weights: {Freezing.Allowed}. Default: none.");
        var list = new Option<bool>("--list") { Description = "List the named architectures." };
        var json = JsonOption.Create();
        var dataOptions = new DataOptions();
        var command = new Command("model", "Show the layers of an architecture with their shapes, weights and memory.")
        {
            architecture, data, input, classes, dropout, activation, size, freeze, draw, list, json,
        };
        dataOptions.AddTo(command);
        var options = new Options(
            architecture, data, input, classes, dropout, activation, size, freeze, draw, list, json, dataOptions);
        command.SetAction((parsed, _) => RunAsync(parsed, options));
        return command;
    }

    private static async Task RunAsync(ParseResult parsed, Options options)
    {
        var output = parsed.InvocationConfiguration.Output;
        if (parsed.GetValue(options.List))
        {
            WriteList(output, parsed.GetValue(options.Json));
            return;
        }

        if (parsed.GetValue(options.Draw) is { } place)
        {
            PictureSize.CheckEnding(options.Draw, place);
            OutputPlace.CheckFile(options.Draw, place);
        }

        var text = parsed.GetValue(options.Architecture) ?? throw new SweepsException(
            ErrorKind.Usage,
            "Name an architecture, as in 'sweeps model mlp-128-128 --data mnist'; 'sweeps model --list' lists the "
            + "named ones.");
        var rate = parsed.Parameter(options.Dropout, "dropout")?.Number;
        var activation = parsed.GetValue(options.Activation);
        text = ArchitectureArgument.Fill(text, parsed.GetValue(options.Size)!, rate, activation);
        var written = ArchitectureArgument.Read(
            text, note => parsed.InvocationConfiguration.Error.WriteLine($"note: {note}"));
        var network = written.With(rate, activation);
        var inputs = new Inputs(
            parsed.GetValue(options.Data), parsed.GetValue(options.Input), parsed.GetValue(options.Classes));
        var subject = SubjectOf(network, inputs, name => Load(options.DataFolders, parsed, name));
        if (written.NoteOn(subject.Input) is { } note)
            parsed.InvocationConfiguration.Error.WriteLine($"note: {note}");
        var plan = NetworkShape.Create(network, subject.Input, subject.Outputs);
        var frozen = Freezing.LayersOf(parsed.Parameter(options.Freeze, "freeze")?.Text, plan);
        Write(plan, frozen, subject, output, parsed.GetValue(options.Json));
        if (parsed.GetValue(options.Draw) is { } file)
        {
            var error = parsed.InvocationConfiguration.Error;
            var drawn = await NetworkDrawing.WriteAsync(
                file, plan, subject.Name, text => error.WriteLine($"note: --draw: {text}"));
            await (parsed.GetValue(options.Json) ? error : output).WriteLineAsync(drawn.ToString());
        }
    }

    private static Option<string?> Named(string name, string helpName, string description) =>
        new(name) { Description = description, HelpName = helpName };

    private static void Write(
        NetworkShape plan, IReadOnlySet<int> frozen, Subject subject, TextWriter output, bool json)
    {
        if (json)
            Screen.WriteJson(output, Json(plan, frozen, subject));
        else
            ModelPage.Write(plan, frozen, subject.Name, Screen.On(output));
    }

    private static Subject SubjectOf(Architecture architecture, Inputs inputs, Func<string, Subject> load)
    {
        if (inputs.Shape is { } shape)
        {
            if (inputs.Data is not null)
                throw new SweepsException(ErrorKind.Usage,
                    "--data and --input both give the shape of a sample; use one of them.");
            var outputs = inputs.Classes ?? throw new SweepsException(
                ErrorKind.Usage, "--input needs --classes: the number of classes, or 1 for regression.");
            return new($"{outputs} {(outputs == 1 ? "output" : "classes")}", TensorShape.Parse(shape), outputs);
        }

        if (inputs.Classes is not null)
            throw new SweepsException(ErrorKind.Usage, "--classes is for --input only; a data set has its own.");
        var builtIn = BuiltInArchitectures.All.FirstOrDefault(known => known.Name == architecture.Name);
        var name = inputs.Data ?? builtIn?.Data ?? throw new SweepsException(
            ErrorKind.Usage,
            "The shapes depend on the data: add --data mnist (or another data set), or --input 28x28 --classes 10.");
        if (name == BuiltInArchitecture.ImageNet)
            return new(
                "ImageNet's pictures", BuiltInArchitecture.ImageNetInput, BuiltInArchitecture.ImageNetClasses);
        return KnownDataSets.Find(name) is { } known ? new(known.Name, known.Input, known.Outputs) : load(name);
    }

    private static Subject Load(DataOptions options, ParseResult parsed, string name)
    {
        var set = options.Sets(parsed).Load(options.Request(parsed, name));
        var input = set.InputShape is [var channels, var height, var width]
            ? TensorShape.Image(channels, height, width)
            : TensorShape.Flat(set.Features);
        return new(set.Name, input, set.Outputs);
    }

    private static void WriteList(TextWriter output, bool json)
    {
        if (!json)
        {
            ModelPage.WriteList(Screen.On(output));
            return;
        }

        Screen.WriteJson(output, new
        {
            architectures = BuiltInArchitectures.All,
        });
    }

    private static object Json(NetworkShape plan, IReadOnlySet<int> frozen, Subject subject) => new
    {
        plan.Architecture.Name,
        architecture = plan.Architecture.ToString(),
        data = subject.Name,
        input = Sizes(plan.Input),
        outputs = subject.Outputs,
        layers = plan.Layers.Select(layer => new
        {
            layer = layer.Layer.ToString(),
            output = Sizes(layer.Output),
            layer.Weights,
            layer.Statistics,
            layer.MultiplyAdds,
            windows = WindowStep.Of(layer).Select(step => new
            {
                layer = step.Layer.ToString(),
                rows = Axis(step.Rows),
                columns = Axis(step.Columns),
            }),
            share = plan.Weights > 0 ? (double)layer.Weights / plan.Weights : 0,
        }),
        plan.Weights,
        trainable = Freezing.Count(plan, frozen).Trainable,
        non_trainable = Freezing.Count(plan, frozen).NonTrainable,
        plan.Statistics,
        plan.MultiplyAdds,
        plan.ParameterBytes,
        plan.ActivationBytesPerSample,
    };

    private static object Axis(AxisStep step) => new
    {
        step.Size,
        step.Kernel,
        padding = new[] { step.Before, step.After },
        step.Stride,
        step.Output,
        formula = step.ToString(),
    };

    /// <summary>Height, width, channels, as Keras lists them; or the length of a vector.</summary>
    private static int[] Sizes(TensorShape shape) =>
        shape.IsFlat ? [shape.Channels] : [shape.Height, shape.Width, shape.Channels];
}
