using Sweeps.Core;
using Sweeps.Training.Data;
using Sweeps.Training.Data.Pictures;

namespace Sweeps.Client.SavedModels;

/// <summary>A user's picture, brought to the shape that a model takes, as pictures of a folder are.</summary>
/// <param name="Bytes">Channels first, as data sets have them.</param>
/// <param name="Note">What was done to it.</param>
internal sealed record PictureFile(byte[] Bytes, string Note)
{
    private const int Middle = 128;
    private const int BadShown = 20;

    /// <summary>Reads all of them, each as <see cref="Read"/> does.</summary>
    /// <exception cref="SweepsException">Some cannot be read; the message names each, a line each.</exception>
    public static IReadOnlyList<PictureFile> ReadAll(
        IReadOnlyList<string> paths, IReadOnlyList<int> shape, bool? inverts)
    {
        var (pictures, errors) = (new List<PictureFile>(), new List<SweepsException>());
        foreach (var path in paths)
        {
            try
            {
                pictures.Add(Read(path, shape, inverts));
            }
            catch (SweepsException error)
            {
                errors.Add(error);
            }
        }

        if (errors.Count == 0)
            return pictures;
        if (paths.Count == 1)
            throw errors[0];
        var lines = errors.Take(BadShown).Select(error => error.Message).ToList();
        if (errors.Count > BadShown)
            lines.Add($"and {errors.Count - BadShown} more");
        lines.Add(
            $"{errors.Count} of {paths.Count} pictures cannot be read, and nothing was written; leave "
                + $"{(errors.Count == 1 ? "it" : "them")} out, or mend {(errors.Count == 1 ? "it" : "them")}.");
        throw new SweepsException(errors[0].Kind, string.Join('\n', lines), errors[0]);
    }

    /// <summary>
    /// Reads PNG, JPEG, BMP, GIF or TGA: fitted into height and width without distortion, the rest filled with the
    /// colour of its border; each pixel the mean of the area that it covers; grey where the model has one channel.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="shape">Channels, height and width.</param>
    /// <param name="inverts">
    /// Exchange dark and light; null: where the border is light and the model has one channel, since the data sets of
    /// digits are light on dark.
    /// </param>
    /// <exception cref="SweepsException">It is missing, too large, or no picture.</exception>
    public static PictureFile Read(string path, IReadOnlyList<int> shape, bool? inverts)
    {
        var (channels, height, width) = (shape[0], shape[1], shape[2]);
        var picture = Decode(path);
        var turned = inverts ?? (channels == 1 && picture.Border(0, channels) >= Middle);
        var bytes = new byte[channels * height * width];
        picture.FitInto(channels, height, width, bytes);
        for (var at = 0; turned && at < bytes.Length; at++)
            bytes[at] = (byte)(byte.MaxValue - bytes[at]);
        var size = (picture.Width, picture.Height) == (width, height) ? "" : $" to {width}x{height}";
        return new(bytes, $"{picture.Width}x{picture.Height}{size}{(turned ? ", dark and light exchanged" : "")}");
    }

    private static DecodedPicture Decode(string path)
    {
        if (Directory.Exists(path))
            throw new SweepsException(
                ErrorKind.Usage,
                $"'{path}' is a folder; name its pictures, as {Path.Combine(path, "*.png")}, or, for the classes' "
                    + "shares of all of them, 'sweeps evaluate MODEL --data FOLDER'.");
        try
        {
            if (new FileInfo(path).Length > DecodedPicture.BytesMax)
                throw new PictureException($"it has more than {DecodedPicture.BytesMax / 1_000_000} MB");
            return DecodedPicture.Of(RegularFile.ReadAllBytes(path));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SweepsException(ErrorKind.Usage, $"'{path}' cannot be read: there is no such file.", error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new SweepsException(
                ErrorKind.Usage, $"'{path}' cannot be read: you have no permission to read it.", error);
        }
        catch (IOException error)
        {
            throw new SweepsException(ErrorKind.Usage, $"'{path}' cannot be read: {error.Message}", error);
        }
        catch (PictureException error)
        {
            throw new SweepsException(
                ErrorKind.Data, $"The picture '{path}' cannot be read: {error.Message}.", error);
        }
    }
}
