using System.Runtime.InteropServices;

namespace Sweeps.Storage;

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
