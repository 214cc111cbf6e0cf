using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Sweeps.Core;
using Sweeps.Store.Contract;

namespace Sweeps.Store;

/// <summary>
/// Blobs as files named by their digest. A file appears whole or not at all: it is written under another name, flushed
/// to the disk and renamed.
/// </summary>
internal sealed class BlobFolder(string root)
{
    private const string Temporary = "incoming";

    public string Root => root;

    /// <summary>Writes the content under a temporary name and flushes it.</summary>
    public async Task<StagedBlob> StageAsync(Stream content, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(root, Temporary);
        var path = Path.Combine(folder, Guid.NewGuid().ToString("n"));
        try
        {
            Directory.CreateDirectory(folder);
            await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = new byte[128 * 1024];
            long bytes = 0;
            for (int read; (read = await content.ReadAsync(buffer, cancellationToken)) > 0; bytes += read)
            {
                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }

            file.Flush(flushToDisk: true);
            return new StagedBlob(path, Convert.ToHexStringLower(hash.GetHashAndReset()), bytes);
        }
        catch (Exception error)
        {
            Discard(path);
            if (error is IOException or UnauthorizedAccessException)
                throw CannotWrite(error);
            throw;
        }
    }

    /// <summary>Gives a staged blob its final name; one that is there already is the same.</summary>
    public void Publish(StagedBlob blob)
    {
        var target = PathOf(blob.Digest);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Move(blob.Path, target, overwrite: true);
            FolderSync.Flush(Path.GetDirectoryName(target)!);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(error);
        }
    }

    /// <summary>
    /// As <see cref="Publish"/>, for work that may be done again after it was taken back: the blob has its name then,
    /// unless another process found it without a reference in between.
    /// </summary>
    public void PublishAgain(StagedBlob blob)
    {
        if (File.Exists(blob.Path))
        {
            Publish(blob);
        }
        else if (!File.Exists(PathOf(blob.Digest)))
        {
            throw new StoreException(
                StoreReason.Other,
                $"Artifact {blob.Digest} was removed from {root} while it was being stored. Store it again.");
        }
    }

    /// <summary>Removes a file; false: it is still there, and left for a later prune.</summary>
    public static bool Discard(string path)
    {
        try
        {
            File.Delete(path);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return error is DirectoryNotFoundException;
        }
    }

    public bool Delete(string digest) => Discard(PathOf(digest));

    /// <exception cref="SweepsException">The blob is missing or damaged.</exception>
    public async Task<byte[]> ReadAsync(string digest, CancellationToken cancellationToken)
    {
        ArtifactDigest.Check(digest);
        byte[] content;
        try
        {
            content = await File.ReadAllBytesAsync(PathOf(digest), cancellationToken);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw ArtifactDigest.Missing(digest, root);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(
                StoreReason.Other, $"Artifact {digest} in {root} cannot be read: {error.Message}", error);
        }

        ArtifactDigest.Verify(digest, content, root);
        return content;
    }

    public bool Holds(string digest) => File.Exists(PathOf(digest));

    /// <summary>It has held blobs and holds none: its files were removed, it is not another folder.</summary>
    public bool IsEmptied => BlobFolders().Any() && !Blobs().Any();

    /// <summary>Tries to write; creates the folder where it is new.</summary>
    /// <exception cref="SweepsException">It cannot be written.</exception>
    public async Task CheckWritableAsync(CancellationToken cancellationToken)
    {
        using var content = new MemoryStream([0]);
        Discard((await StageAsync(content, cancellationToken)).Path);
    }

    /// <summary>Temporary files: of saves at work, and of processes that died in the middle of one.</summary>
    public IEnumerable<FileInfo> Incoming() => Files(Path.Combine(root, Temporary));

    /// <summary>The blobs; a file's name is its digest.</summary>
    public IEnumerable<FileInfo> Blobs() =>
        from folder in BlobFolders()
        from file in Files(folder)
        select file;

    private IEnumerable<string> BlobFolders() =>
        (Directory.Exists(root) ? Directory.EnumerateDirectories(root) : [])
            .Where(folder => Path.GetFileName(folder).Length == 2);

    /// <summary>As of one moment, since files are removed while the list is walked.</summary>
    private static FileInfo[] Files(string folder)
    {
        try
        {
            return new DirectoryInfo(folder).GetFiles();
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    private string PathOf(string digest) => Path.Combine(root, digest[..2], digest);

    private StoreException CannotWrite(Exception error) => new(
        StoreReason.NotWritable,
        $"Artifacts cannot be written to {root}: {Sentence.Ended(error.Message)} Nothing acknowledged was lost; free "
            + "some space or check the folder's permissions.",
        error);
}

/// <summary>A blob on the disk that has no name yet.</summary>
/// <param name="Path">The temporary file.</param>
/// <param name="Digest">Its SHA-256.</param>
/// <param name="Bytes">Its size.</param>
internal readonly record struct StagedBlob(string Path, string Digest, long Bytes);

/// <summary>
/// Decides over the files of a folder one by one, and counts what went and what stayed. Others remove files meanwhile:
/// one that has vanished counts as neither.
/// </summary>
internal sealed class BlobPrune(DateTimeOffset before)
{
    public PruneReport Report { get; private set; }

    /// <summary>False: nothing refers to the file, and no save can still be at work on it.</summary>
    public bool Keeps(FileInfo file, bool isReferred)
    {
        if (BytesOf(file) is not { } bytes)
            return true;
        if (!isReferred && file.LastWriteTimeUtc < before.UtcDateTime)
            return false;
        Kept(bytes, isReferred);
        return true;
    }

    public void Kept(long bytes, bool isReferred) => Report = isReferred
        ? Report with { Referred = Report.Referred.Plus(bytes) }
        : Report with { Recent = Report.Recent.Plus(bytes) };

    public void Take(FileInfo file, bool isReferred)
    {
        if (Keeps(file, isReferred) || BytesOf(file) is not { } bytes)
            return;
        if (BlobFolder.Discard(file.FullName))
            Removed(bytes);
        else
            Kept(bytes, isReferred: false);
    }

    public void Removed(long bytes) =>
        Report = Report with { Blobs = Report.Blobs + 1, Bytes = Report.Bytes + bytes };

    /// <summary>A file's size now, not when it was listed; null: it is gone.</summary>
    public static long? BytesOf(FileInfo file)
    {
        try
        {
            file.Refresh();
            return file.Exists ? file.Length : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}

/// <summary>Flushes a folder's entries to the disk, without which a rename may be forgotten by a power cut.</summary>
internal static partial class FolderSync
{
    /// <summary>.NET opens no folders, so the C library is asked; Windows does it with the rename.</summary>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = Open(folder, 0);
        if (descriptor < 0)
            return;
        _ = FSync(descriptor);
        _ = Close(descriptor);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
