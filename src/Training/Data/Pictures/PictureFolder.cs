using System.Globalization;
using System.IO.Enumeration;
using System.Security.Cryptography;
using System.Text;
using Sweeps.Core;
using Sweeps.Core.Trainings;

namespace Sweeps.Training.Data.Pictures;

/// <summary>One picture of a folder before it is opened.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Name">Its name from the data set's folder on, with <c>/</c>.</param>
/// <param name="Label">Its class, from 0.</param>
/// <param name="IsTest">It is in the folder of the test part.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Changed">When it was last written, in ticks.</param>
internal sealed record ListedPicture(string Path, string Name, int Label, bool IsTest, long Bytes, long Changed);

/// <summary>
/// What lies in a folder of pictures: a sub-folder a class, or <c>train/</c> and <c>test/</c> with a sub-folder a class
/// each. Classes and pictures are in the order of their names' letters, so that the same folder is the same data
/// anywhere.
/// </summary>
internal sealed class PictureFolder
{
    private static readonly string[] s_kinds = [".png", ".jpg", ".jpeg"];
    private static readonly string[] s_trainNames = ["train", "training"];
    private static readonly string[] s_testNames = ["test", "testing", "val", "valid", "validation"];

    private PictureFolder(string path, IReadOnlyList<string> classes, IReadOnlyList<ListedPicture> pictures) =>
        (Path, Classes, Pictures) = (path, classes, pictures);

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The sub-folders' names.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Those to learn from first, in the order of their names.</summary>
    public IReadOnlyList<ListedPicture> Pictures { get; }

    /// <summary>Whether the test part is a folder of its own.</summary>
    public bool HasTest { get; private init; }

    /// <summary>What was passed over, as messages.</summary>
    public IReadOnlyList<string> Notes { get; private init; } = [];

    /// <summary>The name that the data set has: the folder's.</summary>
    public string Name => System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(Path));

    /// <summary>Lists a folder.</summary>
    /// <exception cref="SweepsException">It has no pictures in sub-folders, or cannot be read.</exception>
    public static PictureFolder List(string path)
    {
        try
        {
            return ListAll(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Wrong($"The folder '{path}' cannot be read: {error.Message}", error);
        }
    }

    /// <summary>What the decoded copy is called: a folder that changed replaces its copy.</summary>
    public string NameOfCopy(PictureForm? form) => Convert.ToHexStringLower(SHA256.HashData(
        Encoding.UTF8.GetBytes($"{System.IO.Path.GetFullPath(Path)}\n{form?.Size} {form?.Color}")));

    /// <summary>The folder as it is now and what is asked of it: name, length and time of every picture.</summary>
    public string Key(PictureForm? form)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add($"pictures 3\n{form?.Size} {form?.Color}\n");
        foreach (var picture in Pictures)
            Add(string.Create(
                CultureInfo.InvariantCulture, $"{picture.Name}\n{picture.Bytes} {picture.Changed} {picture.IsTest}\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Add(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text));
    }

    private static PictureFolder ListAll(string path)
    {
        var folders = FoldersOf(path);
        var train = Find(folders, s_trainNames);
        var test = train is null ? null : Find(folders, s_testNames);
        var notes = new List<string>();
        if (train is not null && test is null)
            throw Wrong($"The folder '{path}' has '{train.Name}', but no folder 'test' beside it. Without both, each "
                + "sub-folder is a class: name the folder of the classes itself.");
        if (test is not null && folders.Where(other => other != train && other != test).ToList() is [_, ..] others)
            notes.Add($"beside '{train!.Name}' and '{test.Name}' nothing is read of {path}: "
                + string.Join(", ", others.Take(5).Select(other => $"'{Quote.Short(other.Name)}'")));
        DirectoryInfo root = new(path);
        var classes = FoldersOf((train ?? root).FullName).ToDictionary(folder => folder.Name, FilesOf);
        var (pictures, passed) = (new List<ListedPicture>(), new Passed([], []));
        string[] names = [.. classes.Where(pair => pair.Value.Exists(IsPicture)).Select(pair => pair.Key)
            .Order(StringComparer.Ordinal)];
        if (classes.Keys.Except(names).Order(StringComparer.Ordinal).ToList() is [_, ..] empty)
            notes.Add("no class, since there is no picture in it: "
                + string.Join(", ", empty.Take(5).Select(Quote.Short))
                + (empty.Count > 5 ? $" and {empty.Count - 5} more folders" : ""));
        AddAll(pictures, passed, root, classes, names, isTest: false);
        if (test is not null)
        {
            var held = FoldersOf(test.FullName).ToDictionary(folder => folder.Name, FilesOf);
            if (held.FirstOrDefault(pair => !names.Contains(pair.Key) && pair.Value.Exists(IsPicture)).Key is { } other)
                throw Wrong($"The class '{other}' in '{test.FullName}' is not in '{train!.FullName}'.");
            AddAll(pictures, passed, root, held, names, isTest: true);
        }

        Check(path, names, pictures, test);
        return new(path, names, pictures) { HasTest = test is not null, Notes = [.. notes, .. NotesOf(passed)] };
    }

    private static IEnumerable<string> NotesOf(Passed passed)
    {
        if (passed.Files is { Count: > 0 } files)
            yield return $"{files.Count} {(files.Count == 1 ? "file is" : "files are")} no PNG or JPEG by name and not "
                + $"read: {Some(files)}";
        if (passed.Links is { Count: > 0 } links)
            yield return $"{links.Count} {(links.Count == 1 ? "link to a folder is" : "links to folders are")} not "
                + $"followed: {Some(links)}";

        static string Some(List<string> names) =>
            string.Join(", ", names.Take(3).Select(Quote.Short)) + (names.Count > 3 ? ", ..." : "");
    }

    private static void Check(string path, string[] names, List<ListedPicture> pictures, DirectoryInfo? test)
    {
        if (names.Length == 0)
            throw Wrong($"The folder '{path}' has no sub-folder with PNG or JPEG pictures; each sub-folder is a class, "
                + "as cats/1.jpg and dogs/1.jpg, or train/cats/1.jpg and test/cats/2.jpg.");
        if (names.Length == 1)
            throw Wrong($"The folder '{path}' has a single class, '{names[0]}'; there is nothing to tell apart.");
        if (names.FirstOrDefault(name => name.Any(char.IsControl)) is { } odd)
            throw Wrong($"The folder '{Quote.Short(odd)}' of '{path}' has a character in its name that cannot be shown "
                + "(each \u00b7); the name is the class's: rename the folder.");
        if (test is not null && !pictures.Exists(picture => picture.IsTest))
            throw Wrong($"There is no picture in the sub-folders of '{test.FullName}'.");
    }

    private static void AddAll(
        List<ListedPicture> pictures, Passed passed, DirectoryInfo root,
        Dictionary<string, List<FileSystemInfo>> classes, string[] names, bool isTest)
    {
        foreach (var (name, files) in classes.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            var label = Array.IndexOf(names, name);
            foreach (var (relative, file) in files.Select(file => (NameOf(root, file), file))
                .OrderBy(pair => pair.Item1, StringComparer.Ordinal))
            {
                if (file is not FileInfo)
                    passed.Links.Add(relative);
                else if (!IsPicture(file))
                    passed.Files.Add(relative);
                else
                    pictures.Add(Listed((FileInfo)file, relative, label, isTest));
            }
        }
    }

    // Of a link, what it leads to: that is what is read, and what may change.
    private static ListedPicture Listed(FileInfo file, string name, int label, bool isTest)
    {
        var read = file;
        try
        {
            if (file.Attributes.HasFlag(FileAttributes.ReparsePoint)
                && file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo { Exists: true } target)
                read = target;
        }
        catch (IOException)
        {
            // It leads around; reading it fails, and says so.
        }

        return new(file.FullName, name, label, isTest, read.Length, read.LastWriteTimeUtc.Ticks);
    }

    private static string NameOf(DirectoryInfo root, FileSystemInfo file) =>
        System.IO.Path.GetRelativePath(root.FullName, file.FullName).Replace('\\', '/');

    /// <summary>Whether a file is a PNG or JPEG by its name.</summary>
    public static bool IsPicture(string name) =>
        s_kinds.Contains(System.IO.Path.GetExtension(name), StringComparer.OrdinalIgnoreCase);

    private static bool IsPicture(FileSystemInfo file) => file is FileInfo && IsPicture(file.Name);

    private static DirectoryInfo? Find(List<DirectoryInfo> folders, string[] names) =>
        names.Select(name => folders.Find(folder => folder.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            .FirstOrDefault(folder => folder is not null);

    // What begins with a dot belongs to programs.
    private static List<DirectoryInfo> FoldersOf(string path) =>
        [.. new DirectoryInfo(path).EnumerateDirectories().Where(folder => folder.Name[0] != '.')];

    // Files at any depth, and links to folders, which are not followed: one that leads to a folder above would give the
    // same pictures again and again, those of other classes among them.
    private static List<FileSystemInfo> FilesOf(DirectoryInfo folder) =>
    [
        .. new FileSystemEnumerable<FileSystemInfo>(
            folder.FullName, (ref FileSystemEntry entry) => entry.ToFileSystemInfo(), s_everything)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) =>
                entry.FileName[0] != '.' && (!entry.IsDirectory || IsLink(ref entry)),
            ShouldRecursePredicate = (ref FileSystemEntry entry) => entry.FileName[0] != '.' && !IsLink(ref entry),
        },
    ];

    private static bool IsLink(ref FileSystemEntry entry) => entry.Attributes.HasFlag(FileAttributes.ReparsePoint);

    // What cannot be read is an error, not left out in silence.
    private static readonly EnumerationOptions s_everything = new()
    {
        RecurseSubdirectories = true,
        IgnoreInaccessible = false,
        AttributesToSkip = FileAttributes.None,
    };

    private sealed record Passed(List<string> Files, List<string> Links);

    internal static SweepsException Wrong(string message, Exception? cause = null) =>
        new(ErrorKind.Data, message, cause);
}
