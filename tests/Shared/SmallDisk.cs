using System.Diagnostics;

namespace Sweeps.Tests.Shared;

/// <summary>A disk of a few megabytes in memory: for filling it, and for mounting it read-only.</summary>
internal sealed class SmallDisk : IDisposable
{
    private static readonly Lazy<string?> Unavailable = new(Try);

    private readonly TemporaryFolder _folder = new();

    public SmallDisk(int megabytes)
    {
        var error = Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", _folder.Path);
        if (error is null)
            return;
        _folder.Dispose();
        throw new InvalidOperationException(error);
    }

    /// <summary>Why there can be none here; null: there can.</summary>
    public static string? SkipReason => Unavailable.Value;

    public string Path => _folder.Path;

    public void MakeReadOnly() => Assert.Null(Run("mount", "-o", "remount,ro", _folder.Path));

    public void Dispose()
    {
        Run("umount", _folder.Path);
        _folder.Dispose();
    }

    private static string? Try()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
            return "a small disk needs root on Linux (mount -t tmpfs)";
        try
        {
            using var disk = new SmallDisk(1);
            return null;
        }
        catch (InvalidOperationException error)
        {
            return $"a small disk cannot be mounted here: {error.Message}";
        }
    }

    private static string? Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : errors.Trim();
    }
}

/// <summary>A test that needs a disk it can fill; skipped by name where none can be mounted.</summary>
public sealed class SmallDiskFact : FactAttribute
{
    public SmallDiskFact() => Skip = SmallDisk.SkipReason;
}

/// <summary>A folder of one test, removed after it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("sweeps-test-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
