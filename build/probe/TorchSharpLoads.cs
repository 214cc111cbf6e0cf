using System.Runtime.InteropServices;

// Exit code 0: TorchSharp's native library loads on this system. 1: it does not, and the line printed says why.
var output = Console.Out;
Console.SetOut(TextWriter.Null); // TorchSharp prints where it looks.
try
{
    // The system's loader first: it names what is missing, and TorchSharp would copy everything to look again.
    foreach (var library in Directory.EnumerateFiles(AppContext.BaseDirectory, "*LibTorchSharp.*"))
    {
        if (Path.GetExtension(library) is ".so" or ".dylib" or ".dll")
            NativeLibrary.Load(library);
    }

    using var one = TorchSharp.torch.ones(1);
    return 0;
}
catch (Exception error)
{
    var lines = (error.InnerException ?? error).Message
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    output.WriteLine(error is DllNotFoundException ? lines[^1].Split(" (required by")[0] : lines[0]);
    return 1;
}
