using System.Globalization;
using Sweeps.Core;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data.Csv;

namespace Sweeps.Training.Data.Pictures;

/// <summary>
/// A folder of pictures as a data set. All of them are decoded once, brought to one shape and kept in the cache folder;
/// the next reading takes that copy as long as no file's name, length or time has changed. Without a folder for the
/// test part a fifth is held out for it, of each class, as of tables. Files that cannot be read are left
/// out, with a note.
/// </summary>
internal sealed class PictureDataSet(DataFolders folders, Action<ReadingProgress>? progress)
{
    /// <summary>Most bytes of pixels, both parts together: they are held in memory.</summary>
    public const long PixelsMax = 2_000_000_000;

    private const int Shown = 5;
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(200);

    // A picture of this many pixels takes some 100 MB while it is decoded: one after the other, however many cores.
    private const long LargePixels = 8_000_000;

    private readonly PackCache _cache = new(folders);
    private readonly Lock _lock = new();
    private readonly Lock _large = new();

    /// <summary>Reads the folder at a full path.</summary>
    /// <exception cref="SweepsException">There is nothing to learn from in it, or the form does not say enough.
    /// </exception>
    public DataSet Read(string path, PictureForm? form)
    {
        var folder = PictureFolder.List(path);
        var key = folder.Key(form);
        if (_cache.Find(folder.NameOfCopy(form), key, folder.Name) is var (known, index))
            return Finished(folder, known, index.Notes);
        var complete = Complete(folder, form, out var left, out var sizes);
        // What was decoded is let go of before the copy is read: the pixels are in memory once.
        var pack = DecodeAndKeep(folder, form, complete, left);
        string[] notes = [.. NotesOf(folder, complete, sizes, left)];
        var read = PicturePack.Read(pack, folder.Name);
        // The index comes last: a pack without one is not looked at.
        PackCache.WriteIndex(pack, new(key, read.Paths[0].Key.Digest, notes));
        return Finished(folder, read, notes);
    }

    private string DecodeAndKeep(PictureFolder folder, PictureForm? asked, PictureForm form, string?[] left)
    {
        var (pixels, good) = Decode(folder, form, left);
        var parts = PartsOf(folder, good);
        return Keep(folder, asked, stream => PicturePack.Write(stream, form, folder.Classes, parts, pixels));
    }

    private static DataSet Finished(PictureFolder folder, DataSet read, IReadOnlyList<string> notes) =>
        new(read.Name, read.InputShape, read.ClassNames, read.Train, read.Test)
        {
            Source = folder.Path,
            Paths = read.Paths,
            Pictures = read.Pictures,
            // What lies beside the pictures may have changed since the copy was made.
            Notes = [.. folder.Notes, .. notes],
        };

    /// <summary>The size and the channels of all pictures, from what the files announce where the form leaves it open.
    /// </summary>
    private PictureForm Complete(
        PictureFolder folder, PictureForm? form, out string?[] left, out IReadOnlyList<(int Height, int Width)> sizes)
    {
        var measured = new (int Width, int Height, bool HasColors)[folder.Pictures.Count];
        var refused = new string?[folder.Pictures.Count];
        ForEach(folder, "measuring", index =>
        {
            using var file = RegularFile.Open(folder.Pictures[index].Path);
            measured[index] = DecodedPicture.Measure(file);
        }, refused);
        var good = measured.Where((_, index) => refused[index] is null).ToList();
        if (good.Count == 0)
            throw PictureFolder.Wrong($"None of the {folder.Pictures.Count} pictures of '{folder.Path}' can be read: "
                + $"{Quote.Short(folder.Pictures[0].Name)}: {refused[0]}.");
        var distinct = good.Select(picture => (picture.Height, picture.Width)).Distinct().Order().ToList();
        if (form?.Height is null && distinct.Count > 1)
            throw PictureFolder.Wrong($"The pictures of '{folder.Path}' are of {distinct.Count} sizes, from "
                + $"{Text(distinct[0])} to {Text(distinct[^1])} (height x width); say which one they are brought to: "
                + "size: 32x32 in the file, --picture-size 32x32 on the command line.");
        (left, sizes) = (refused, distinct);
        var (height, width) = form is { Height: { } rows, Width: { } columns } ? (rows, columns) : distinct[0];
        if (height > PictureForm.SideMax || width > PictureForm.SideMax)
            throw PictureFolder.Wrong($"The pictures of '{folder.Path}' are {Text((height, width))}; a side has at "
                + $"most {PictureForm.SideMax}: say a smaller one, as size: 128x128 (--picture-size 128x128).");
        var color = form?.Color ?? (good.Exists(picture => picture.HasColors) ? PictureColor.Rgb : PictureColor.Grey);
        var bytes = (long)folder.Pictures.Count * height * width * (color == PictureColor.Grey ? 1 : 3);
        if (bytes > PixelsMax)
            throw PictureFolder.Wrong(string.Create(CultureInfo.InvariantCulture,
                $"{folder.Pictures.Count:N0} pictures of {Text((height, width))} in {Word(color)} take "
                + $"{bytes / 1e9:0.0} GB of memory; at most {PixelsMax / 1e9:0} GB: choose a smaller size, or "
                + $"color: grey."));
        return new(height, width, color);
    }

    private (byte[] Pixels, List<int> Good) Decode(PictureFolder folder, PictureForm form, string?[] left)
    {
        var channels = form.Color == PictureColor.Grey ? 1 : 3;
        var features = channels * form.Height!.Value * form.Width!.Value;
        var pixels = new byte[checked(folder.Pictures.Count * features)];
        ForEach(folder, "decoding", index =>
        {
            var bytes = RegularFile.ReadAllBytes(folder.Pictures[index].Path);
            var (width, height, _) = DecodedPicture.Measure(new MemoryStream(bytes));
            if ((long)width * height < LargePixels)
                Fit(index, bytes);
            else
                lock (_large)
                    Fit(index, bytes);
        }, left);
        return (pixels, [.. Enumerable.Range(0, folder.Pictures.Count).Where(index => left[index] is null)]);

        void Fit(int index, byte[] bytes) => DecodedPicture.Of(bytes).FitInto(
            channels, form.Height.Value, form.Width.Value, pixels.AsSpan(index * features, features));
    }

    private static IReadOnlyList<IReadOnlyList<(int Sample, int Label)>> PartsOf(PictureFolder folder, List<int> good)
    {
        if (good.Select(index => folder.Pictures[index].Label).Distinct().Take(2).ToList() is not [_, _])
            throw PictureFolder.Wrong(
                $"Of '{folder.Path}' no pictures of two classes can be read; there is nothing to tell apart.");
        bool IsTest(int index) => folder.Pictures[index].IsTest;
        List<(int, int)> Of(IEnumerable<int> indices) =>
            [.. indices.Select(index => (index, folder.Pictures[index].Label))];
        if (folder.HasTest)
        {
            var (learned, held) = (Of(good.Where(i => !IsTest(i))), Of(good.Where(IsTest)));
            return learned.Count > 0 && held.Count > 0
                ? [learned, held]
                : throw PictureFolder.Wrong(
                    $"No picture of the {(learned.Count > 0 ? "test" : "training")} part of '{folder.Path}' can be "
                    + "read.");
        }

        var (train, test) = CsvSplit.Split(good.Count, row => folder.Pictures[good[row]].Label);
        return test.Length > 0
            ? [Of(train.Select(row => good[row])), Of(test.Select(row => good[row]))]
            : throw PictureFolder.Wrong($"No class of '{folder.Path}' has two pictures, so none can be held out for "
                + "the test part.");
    }

    private static IEnumerable<string> NotesOf(
        PictureFolder folder, PictureForm form, IReadOnlyList<(int Height, int Width)> sizes, string?[] left)
    {
        var target = (form.Height!.Value, form.Width!.Value);
        if (sizes.Any(size => size != target))
            yield return sizes.Count == 1
                ? $"the pictures are {Text(sizes[0])} and brought to {Text(target)} (height x width)"
                : $"the pictures are of {sizes.Count} sizes, from {Text(sizes[0])} to {Text(sizes[^1])}, and brought "
                    + $"to {Text(target)} (height x width), without distortion";
        var broken = left.Index().Where(pair => pair.Item is not null).ToList();
        if (broken.Count > 0)
            yield return $"{broken.Count} of {left.Length} pictures cannot be read and are left out: "
                + string.Join("; ", broken.Take(Shown)
                    .Select(pair => $"{Quote.Short(folder.Pictures[pair.Index].Name)}: {pair.Item}"))
                + (broken.Count > Shown ? $"; and {broken.Count - Shown} more" : "");
        var learned = folder.Pictures.Index().Where(pair => left[pair.Index] is null && !pair.Item.IsTest)
            .Select(pair => pair.Item.Label).ToHashSet();
        foreach (var name in folder.Classes.Where((_, label) => !learned.Contains(label)))
            yield return $"the class '{Quote.Short(name)}' has no picture to learn from that can be read";
    }

    /// <summary>Runs over all pictures that are not refused yet, on all cores; what cannot be read is refused with its
    /// reason.</summary>
    private void ForEach(PictureFolder folder, string doing, Action<int> run, string?[] refused)
    {
        var (done, told) = (0, TimeProvider.System.GetTimestamp());
        Parallel.For(0, folder.Pictures.Count, index =>
        {
            try
            {
                if (refused[index] is null)
                    run(index);
            }
            catch (Exception error) when (error is PictureException or IOException or UnauthorizedAccessException)
            {
                refused[index] = Reason(error);
            }

            var all = Interlocked.Increment(ref done);
            if (progress is null || TimeProvider.System.GetElapsedTime(Interlocked.Read(ref told)) < s_interval)
                return;
            lock (_lock)
            {
                if (TimeProvider.System.GetElapsedTime(told) < s_interval)
                    return;
                Interlocked.Exchange(ref told, TimeProvider.System.GetTimestamp());
                progress(new($"{doing} {folder.Name}", all, folder.Pictures.Count));
            }
        });
        progress?.Invoke(new($"{doing} {folder.Name}", folder.Pictures.Count, folder.Pictures.Count));
    }

    // The file is named beside it; the system's messages name it again, with all its folders.
    private static string Reason(Exception error) => error switch
    {
        FileNotFoundException or DirectoryNotFoundException => "it is not there, or a link that leads nowhere",
        UnauthorizedAccessException => "this program may not read it",
        _ => error.Message.TrimEnd('.'),
    };

    private string Keep(PictureFolder folder, PictureForm? form, Action<Stream> write)
    {
        try
        {
            return _cache.Write(folder.NameOfCopy(form), write);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SweepsException(
                ErrorKind.Environment,
                $"The decoded pictures of '{folder.Path}' cannot be kept: {error.Message} Make the cache folder "
                + "writable, or set XDG_CACHE_HOME to one that is.",
                error);
        }
    }

    private static string Text((int Height, int Width) size) => $"{size.Height}x{size.Width}";

    private static string Word(PictureColor color) => color == PictureColor.Grey ? "grey" : "rgb";
}

/// <summary>How far a data set has been read.</summary>
/// <param name="What">What is done: <c>decoding pets</c>.</param>
/// <param name="Done">Files done.</param>
/// <param name="Total">All of them.</param>
public readonly record struct ReadingProgress(string What, int Done, int Total);
