using Sweeps.Build.Torch;

// Writes a copy of a shared library that also loads where one version of another library is absent.
if (args is not [var source, var target, var version, var marker])
{
    Console.Error.WriteLine("usage: MarkTorch SOURCE TARGET VERSION MARKER");
    return 2;
}

try
{
    var bytes = File.ReadAllBytes(source);
    Mark.Weaken(bytes, version, marker);
    Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(target))!);
    // Several projects may build side by side: each writes a file of its own, and the last rename wins.
    var unfinished = $"{target}.{Environment.ProcessId}";
    File.WriteAllBytes(unfinished, bytes);
    File.Move(unfinished, target, overwrite: true);
    return 0;
}
catch (Exception error) when (error is InvalidDataException or OverflowException or IOException
    or UnauthorizedAccessException)
{
    // The form that MSBuild shows as an error of its own.
    Console.Error.WriteLine($"{source} : error SWEEPS1: {error.Message}");
    return 1;
}
