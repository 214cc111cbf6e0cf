using System.Globalization;
using Sweeps.Core;
using Sweeps.Core.Networks;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;

namespace Sweeps.Client.Networks;

/// <summary>
/// Reads an architecture from the command line: a name, layers, or a file with the output of Keras's model.to_json().
/// </summary>
internal static class ArchitectureArgument
{
    public const string Description =
        "A name (see sweeps model --list), layers such as 'flatten | dense 128 relu | dense', a file with the "
        + "output of Keras's model.to_json(), or code of your own: 'own Nets.dll My.Net width=64'.";

    /// <summary>Fills its placeholders.</summary>
    /// <param name="text">What the user typed.</param>
    /// <param name="sizes">Each as <c>name=number</c>.</param>
    /// <param name="dropout">What stands for <c>{dropout}</c>; null: nothing.</param>
    /// <param name="activation">What stands for <c>{activation}</c>; null: nothing.</param>
    /// <exception cref="SweepsException">A size is wrong, or a placeholder has none.</exception>
    public static string Fill(string text, string[] sizes, double? dropout, string? activation)
    {
        var names = ArchitectureTemplate.NamesIn(text).ToList();
        var values = sizes.Select(size => ReadSize(size, names)).ToList();
        if (values.GroupBy(value => value.Key).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new SweepsException(ErrorKind.Usage, $"--size gives '{twice.Key}' twice; keep one.");
        var missing = names.Find(name => values.TrueForAll(value => value.Key != name) && name switch
        {
            ArchitectureTemplate.Dropout => dropout is null,
            ArchitectureTemplate.Activation => activation is null,
            _ => values.TrueForAll(value => value.Value != 0),
        });
        if (missing is not null)
        {
            var option = missing is ArchitectureTemplate.Dropout ? "--dropout 0.5"
                : missing is ArchitectureTemplate.Activation ? "--activation relu" : $"--size {missing}=64";
            throw new SweepsException(
                ErrorKind.Usage, $"The placeholder {{{missing}}} has no value; add one, for example {option}.");
        }

        return new Hyperparameters
        {
            Architecture = text,
            Sizes = new(values),
            Dropout = dropout,
            Activation = activation,
            LearningRate = 0,
            BatchSize = 1,
            Epochs = 1,
        }.Layers();
    }

    private static KeyValuePair<string, int> ReadSize(string size, List<string> names)
    {
        var parts = size.Split('=', 2, StringSplitOptions.TrimEntries);
        var most = NetworkLimits.MaxSize;
        if (parts.Length < 2 || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            || value > most)
        {
            throw new SweepsException(
                ErrorKind.Usage, $"--size {size}: allowed is NAME=NUMBER with a whole number from 0 to {most}.");
        }

        return names.Contains(parts[0]) ? new(parts[0], value) : throw new SweepsException(
            ErrorKind.Usage, $"--size {size}: the architecture has no placeholder {{{parts[0]}}}"
                + $"{NearestName.Suggest(parts[0], names)} It stands for a number: 'dense {{{parts[0]}}}'.");
    }

    /// <summary>Reads it.</summary>
    /// <param name="text">What the user typed.</param>
    /// <param name="note">Takes what is worth knowing about a Keras model.</param>
    /// <exception cref="SweepsException">The file or the architecture cannot be read.</exception>
    public static Architecture Read(string text, Action<string> note)
    {
        if (OwnLayer.Begins(text))
            return Architecture.Parse(OwnCode.WithDigest(text, note));
        var isJson = text.StartsWith('{') || text.StartsWith('[');
        var isJsonPath = !isJson && text.EndsWith(".json", StringComparison.OrdinalIgnoreCase);
        if (!isJsonPath && !File.Exists(text))
            return Architecture.Parse(text, note);
        string content;
        try
        {
            var length = new FileInfo(text).Length;
            if (length > 4L * NetworkLimits.MaxText)
                throw new SweepsException(ErrorKind.Usage,
                    $"'{text}' has {length} bytes; a Keras model has at most {4L * NetworkLimits.MaxText}.");
            RegularFile.Check(text);
            content = File.ReadAllText(text);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SweepsException(
                ErrorKind.Usage,
                $"The architecture file '{text}' cannot be read: {error.Message.TrimEnd('.')}. Check the path.",
                error);
        }

        try
        {
            return Architecture.Parse(content, note);
        }
        catch (SweepsException error)
        {
            throw new SweepsException(error.Kind, $"In the architecture file '{text}': {error.Message}", error);
        }
    }
}
