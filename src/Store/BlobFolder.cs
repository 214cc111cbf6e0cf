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

    public static void Discard(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Left for a later prune.
        }
    }

    public void Delete(string digest) => Discard(PathOf(digest));

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
            throw new SweepsException(
                ErrorKind.Store, $"Artifact {digest} in {root} cannot be read: {error.Message}", error);
        }

        ArtifactDigest.Verify(digest, content, root);
        return content;
    }

    /// <summary>Temporary files last written before a moment: no save is still at work on them.</summary>
    public IEnumerable<FileInfo> Abandoned(DateTimeOffset before) => Files(Path.Combine(root, Temporary), before);

    /// <summary>Blobs last written before a moment, by digest.</summary>
    public IEnumerable<(string Digest, FileInfo File)> Blobs(DateTimeOffset before) =>
        from folder in Directory.Exists(root) ? Directory.EnumerateDirectories(root) : []
        where Path.GetFileName(folder).Length == 2
        from file in Files(folder, before)
        select (file.Name, file);

    private static IEnumerable<FileInfo> Files(string folder, DateTimeOffset before) =>
        Directory.Exists(folder)
            ? new DirectoryInfo(folder).EnumerateFiles().Where(file => file.LastWriteTimeUtc < before.UtcDateTime)
            : [];

    private string PathOf(string digest) => Path.Combine(root, digest[..2], digest);

    private SweepsException CannotWrite(Exception error) => new(
        ErrorKind.Store,
        $"Artifacts cannot be written to {root}: {error.Message} Nothing acknowledged was lost; free some space or "
            + "check the folder's permissions, then run the same command again.",
        error);
}

/// <summary>A blob on the disk that has no name yet.</summary>
/// <param name="Path">The temporary file.</param>
/// <param name="Digest">Its SHA-256.</param>
/// <param name="Bytes">Its size.</param>
internal readonly record struct StagedBlob(string Path, string Digest, long Bytes);

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
