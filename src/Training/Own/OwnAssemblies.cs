using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Security.Cryptography;
using Sweeps.Core;
using Sweeps.Core.Networks;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;

namespace Sweeps.Training.Own;

/// <summary>
/// The assemblies with networks of users' own code that this process has, by the digests of their bytes. They are known
/// to the whole process, as loaded code is; nothing is loaded that was not added.
/// </summary>
public static class OwnAssemblies
{
    /// <summary>The longest file that is read.</summary>
    public const long BytesMax = 64L << 20;

    private const int NamesShown = 12;

    private static readonly ConcurrentDictionary<string, Known> s_known = new(StringComparer.Ordinal);

    /// <summary>Reads a file and makes it known; it is loaded when the first of its networks is planned.</summary>
    /// <exception cref="SweepsException">It is missing, too long, or no .NET assembly that can be run here.</exception>
    public static DataFile Add(string path)
    {
        byte[] bytes;
        try
        {
            var length = new FileInfo(path).Length;
            if (length > BytesMax)
                throw new SweepsException(
                    ErrorKind.Data,
                    $"The assembly '{path}' has {length >> 20} MB; at most {BytesMax >> 20} MB are read.");
            bytes = RegularFile.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new SweepsException(
                ErrorKind.Data,
                $"There is no assembly '{path}' that can be read: {error.Message.TrimEnd('.')}. Build its project "
                    + "first (dotnet build -c Release) and check the path.",
                error);
        }

        return Add(Path.GetFileName(path), bytes);
    }

    /// <summary>Makes an assembly known.</summary>
    /// <exception cref="SweepsException">It is no .NET assembly that can be run here.</exception>
    public static DataFile Add(string name, byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        var digest = Convert.ToHexStringLower(SHA256.HashData(bytes));
        s_known.GetOrAdd(digest, _ => new(name, bytes, Load(name, digest, bytes)));
        OwnNetworks.Shapes = OwnModules.Shapes;
        return new(name, digest, bytes.LongLength);
    }

    /// <summary>The bytes of an assembly; null: it is not here.</summary>
    public static byte[]? BytesOf(string digest) => s_known.GetValueOrDefault(digest)?.Bytes;

    /// <summary>The name of an assembly's file; null: it is not here.</summary>
    public static string? NameOf(string digest) => s_known.GetValueOrDefault(digest)?.Name;

    /// <summary>Fetches what is not here from the store, where this process runs users' code.</summary>
    /// <exception cref="SweepsException">It does not, or the store does not have it.</exception>
    public static async Task PrepareAsync(
        IReadOnlyList<DataFile> files, bool runs, KeptFileReader kept, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(kept);
        foreach (var file in files)
        {
            if (!runs)
                throw new SweepsException(
                    ErrorKind.Data,
                    $"it trains its user's own code ('{file.Name}', SHA-256 {file.Digest}), which is not run here: "
                        + "start the silo with --allow-assemblies if you trust who submits sweeps");
            if (s_known.ContainsKey(file.Digest))
                continue;
            var bytes = await kept(file, cancellation) ?? throw new SweepsException(
                ErrorKind.Data,
                $"The assembly '{file.Name}' (SHA-256 {file.Digest}) is neither here nor in the store. Submit the "
                    + "sweep again from where the file lies.");
            if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != file.Digest)
                throw new SweepsException(
                    ErrorKind.Data,
                    $"The store's copy of '{file.Name}' is damaged: its SHA-256 is not {file.Digest}.");
            Add(file.Name, bytes);
        }
    }

    /// <summary>The type of a network.</summary>
    /// <exception cref="SweepsException">The assembly is not here, or has no such type.</exception>
    internal static Type TypeOf(OwnLayer layer)
    {
        if (s_known.GetValueOrDefault(layer.Assembly) is not { } known)
            throw OwnNetworks.NotHere(layer);
        if (known.Assembly.GetType(layer.Type, throwOnError: false) is { } type && OwnModules.IsNetwork(type))
            return type;
        string[] names =
        [
            .. known.Assembly.GetExportedTypes().Where(OwnModules.IsNetwork).Select(t => t.FullName!)
                .Order(StringComparer.Ordinal),
        ];
        throw new SweepsException(
            ErrorKind.Usage,
            $"'{known.Name}' has no network '{layer.Type}'{NearestName.Suggest(layer.Type, names)} "
                + (names.Length == 0
                    ? "It has none at all: a network is a public class that derives from "
                        + "TorchSharp.torch.nn.Module<Tensor, Tensor>."
                    : $"It has: {string.Join(", ", names.Take(NamesShown))}."));
    }

    private static Assembly Load(string name, string digest, byte[] bytes)
    {
        Assembly assembly;
        try
        {
            using var stream = new MemoryStream(bytes);
            assembly = new AssemblyLoadContext($"own {digest}").LoadFromStream(stream);
        }
        catch (Exception error) when (error is BadImageFormatException or FileLoadException)
        {
            throw new SweepsException(
                ErrorKind.Data, $"'{name}' is no .NET assembly: {error.Message.TrimEnd('.')}.", error);
        }

        // One file travels: what it needs beside .NET and TorchSharp would be missing elsewhere.
        var needed = assembly.GetReferencedAssemblies();
        if (needed.Select(r => r.Name!).FirstOrDefault(IsForeign) is { } foreign)
            throw new SweepsException(
                ErrorKind.Data,
                $"'{name}' needs {foreign}.dll, which does not travel with it: an assembly of your own may use .NET "
                    + "and TorchSharp alone; put that code into its own project.");
        var host = typeof(TorchSharp.torch).Assembly.GetName().Version;
        if (Array.Find(needed, r => r.Name == "TorchSharp") is { Version: { } wanted }
            && wanted > host)
            throw new SweepsException(
                ErrorKind.Data,
                $"'{name}' was built with TorchSharp {wanted.ToString(3)}, and this program has {host!.ToString(3)}: "
                    + "build it with that version.");
        if (Array.Find(needed, r => r.Name != "TorchSharp" && !IsHere(r)) is { } missing)
            throw new SweepsException(
                ErrorKind.Data,
                $"'{name}' was built for another framework: it needs {missing.Name} {missing.Version}, and this "
                    + $"program runs on {RuntimeInformation.FrameworkDescription}; build it with <TargetFramework>net"
                    + $"{Environment.Version.ToString(2)}</TargetFramework>.");
        return assembly;
    }

    private static bool IsHere(AssemblyName needed)
    {
        try
        {
            AssemblyLoadContext.Default.LoadFromAssemblyName(needed);
            return true;
        }
        catch (Exception error) when (error is IOException or BadImageFormatException)
        {
            return false;
        }
    }

    private static bool IsForeign(string name) => name is not ("TorchSharp" or "netstandard" or "mscorlib" or "System"
            or "Microsoft.CSharp" or "Microsoft.VisualBasic.Core")
        && !name.StartsWith("System.", StringComparison.Ordinal);

    private sealed record Known(string Name, byte[] Bytes, Assembly Assembly);
}
