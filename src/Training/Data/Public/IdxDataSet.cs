using Sweeps.Core;

namespace Sweeps.Training.Data.Public;

/// <summary>A public data set of four IDX files.</summary>
internal sealed class IdxPublicDataSet(string name, Download download) : PublicDataSet(name, download)
{
    internal override IReadOnlyList<string> Missing(string folder) =>
        [.. IdxDataSet.Files.Where(file => IdxDataSet.Find(folder, file) is null).Select(file => file + ".gz")];

    private protected override IReadOnlyList<string> Packed(string folder)
    {
        var files = IdxDataSet.Files.Select(file => IdxDataSet.Find(folder, file)!).ToList();
        return files.Exists(file => file.EndsWith(".gz", StringComparison.Ordinal)) ? files : [];
    }

    private protected override DataSet ReadFrom(string folder) => IdxDataSet.Read(Name, folder, ClassNames);
}

/// <summary>Reads a data set of four IDX files, as MNIST and Fashion-MNIST are distributed, plain or gzipped.</summary>
internal static class IdxDataSet
{
    /// <summary>The four names: images and labels, for training and test.</summary>
    public static readonly IReadOnlyList<string> Files =
        ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];

    /// <summary>The file of that name in the folder, in any of the spellings it is seen in; null: none.</summary>
    public static string? Find(string folder, string file) =>
        new[] { file, file + ".gz", file.Replace("-idx", ".idx", StringComparison.Ordinal) }
            .Select(name => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    /// <summary>Reads the four files of <paramref name="folder"/>, all of which are there.</summary>
    /// <exception cref="MisplacedException">A file is another published one.</exception>
    public static DataSet Read(string name, string folder, IReadOnlyList<string> classNames)
    {
        var others = new List<string>();
        var train = ReadPart(name, folder, Files[0], Files[1], classNames.Count, others, out var shape);
        var test = ReadPart(name, folder, Files[2], Files[3], classNames.Count, others, out var testShape);
        if (shape != testShape)
        {
            throw new SweepsException(
                ErrorKind.Data,
                $"{folder}: training images are {shape.Height}x{shape.Width}, test images "
                + $"{testShape.Height}x{testShape.Width}; they must agree.");
        }

        return new(name, [1, shape.Height, shape.Width], classNames, train, test)
        {
            Source = folder,
            IsPublished = others.Count == 0,
            Notes = others.Count == 0 ? [] : [PublicNotes.NotPublished(name, folder, others)],
        };
    }

    private static DataPart ReadPart(
        string name,
        string folder,
        string imageFile,
        string labelFile,
        int classes,
        List<string> others,
        out (int Height, int Width) shape)
    {
        var (imagePath, labelPath) = (Find(folder, imageFile)!, Find(folder, labelFile)!);
        var labels = Checked(IdxReader.Read(labelPath, 1), labelPath, name, labelFile, others);
        var images = Checked(IdxReader.Read(imagePath, 3), imagePath, name, imageFile, others);
        if (images.Dimensions[0] != labels.Dimensions[0])
        {
            throw new SweepsException(
                ErrorKind.Data,
                $"{imagePath} has {images.Dimensions[0]} images, {labelPath} has {labels.Dimensions[0]} labels; "
                + "there must be one label an image.");
        }

        shape = (images.Dimensions[1], images.Dimensions[2]);
        var pixels = checked(shape.Height * shape.Width);
        return DataPart.OfBytes(images.Values, LabelsOf(labels.Values, labelPath, classes), pixels);
    }

    // A published file under another published file's name is a mistake; one that nobody published is the user's own.
    private static IdxArray Checked(IdxArray content, string path, string name, string file, List<string> others)
    {
        if (PublicDataSets.WithContent(content.Sha256()) is not var (set, published))
        {
            others.Add(file);
            return content;
        }

        var found = Path.GetFileNameWithoutExtension(published.Name);
        return set.Name == name && found == file
            ? content
            : throw new MisplacedException(
                $"{path} is {found} of {set.Name}, by its published SHA-256, where {file} of {name} belongs. Put the "
                + $"right file there; 'sweeps data get {name}' downloads it.");
    }

    private static int[] LabelsOf(byte[] bytes, string path, int classes)
    {
        var labels = new int[bytes.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] >= classes)
            {
                throw new SweepsException(
                    ErrorKind.Data,
                    $"{path}: label {bytes[i]} of sample {i} is out of range: labels go from 0 to {classes - 1}.");
            }

            labels[i] = bytes[i];
        }

        return labels;
    }
}
