using Sweeps.Core;
using Sweeps.Core.Networks;

namespace Sweeps.Client.Networks;

/// <summary>
/// Reads an architecture from the command line: a name, layers, or a file with the output of Keras's model.to_json().
/// </summary>
internal static class ArchitectureArgument
{
    public const string Description =
        "A name (see sweeps model --list), layers such as 'flatten | dense 128 relu | dense', or a file with the "
        + "output of Keras's model.to_json().";

    /// <summary>Reads it.</summary>
    /// <param name="text">What the user typed.</param>
    /// <param name="note">Takes what is worth knowing about a Keras model.</param>
    /// <exception cref="SweepsException">The file or the architecture cannot be read.</exception>
    public static Architecture Read(string text, Action<string> note)
    {
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
            content = File.ReadAllText(text);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SweepsException(
                ErrorKind.Usage,
                $"The architecture file '{text}' cannot be read: {error.Message} Check the path.",
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
