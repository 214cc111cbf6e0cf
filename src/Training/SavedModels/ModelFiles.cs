using System.Text;
using Sweeps.Core;

namespace Sweeps.Training.SavedModels;

/// <summary>Saves a trained network as two files: the weights and, for people and scripts, what they are.</summary>
public static class ModelFiles
{
    /// <summary>The weights, in the safetensors format.</summary>
    public const string WeightsFile = "model.safetensors";

    /// <summary>Layers, shapes and metrics.</summary>
    public const string DescriptionFile = "model.json";

    /// <summary>Writes both into a folder, which is made if need be; each file appears whole or not at all.</summary>
    /// <exception cref="SweepsException">The folder cannot be written to.</exception>
    public static void Save(string folder, byte[] weights, string description)
    {
        Save(folder, WeightsFile, weights);
        SaveText(folder, DescriptionFile, description);
    }

    /// <summary>Writes one more file beside them.</summary>
    /// <exception cref="SweepsException">The folder cannot be written to.</exception>
    public static void SaveText(string folder, string name, string text) =>
        Save(folder, name, Encoding.UTF8.GetBytes(text));

    private static void Save(string folder, string name, byte[] bytes)
    {
        try
        {
            Directory.CreateDirectory(folder);
            Write(Path.Combine(folder, name), bytes);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SweepsException(
                ErrorKind.Environment,
                $"The model cannot be saved in '{folder}': {error.Message} Name a folder that can be written to.",
                error);
        }
    }

    private static void Write(string path, byte[] bytes)
    {
        var temporary = path + ".part";
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
