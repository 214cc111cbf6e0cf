#:sdk Microsoft.NET.Sdk.Web
#:property PublishAot=false
// Writes the profile that crossgen2 reads (.mibc): which generic methods the program had to compile while it ran.
// Without it crossgen2 misses virtual methods of generic types: boxes of async methods, converters of JSON.
// Called by build/readytorun/record: dotnet run build/readytorun/Profile.cs -- PROGRAM.dll RECORDS PROFILE.mibc
// What a process compiled stands in two files of the folder RECORDS, neither of which tells all:
//   *.txt (DOTNET_JitStdOutFile, DOTNET_JitDisasmSummary=1) has the arguments of generic methods, but enums as numbers;
//   perf-*.map (DOTNET_PerfMapEnabled=1, DOTNET_PerfMapJitDumpPath) has the arguments of generic types alone.
// The format: dotnet/runtime, src/coreclr/tools/aot/ILCompiler.ReadyToRun/IBC/MIbcProfileParser.cs.
using System.IO.Compression;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Loader;
using System.Text.RegularExpressions;

var (program, records, profile) = (Path.GetFullPath(args[0]), args[1], args[2]);
string[] folders = [Path.GetDirectoryName(program)!, FolderOf(typeof(object)), FolderOf(typeof(HttpContext))];
AssemblyLoadContext.Default.Resolving += (context, name) => folders
    .Select(folder => Path.Combine(folder, name.Name + ".dll"))
    .Where(File.Exists)
    .Select(context.LoadFromAssemblyPath)
    .FirstOrDefault();
var files = folders.SelectMany(folder => Directory.GetFiles(folder, "*.dll"));
var types = new TypeNames([.. files.Select(Load).OfType<Assembly>()]);

var found = new HashSet<MethodBase>();
var (unknown, lines) = (0, 0);
var ofTypes = Directory.GetFiles(records, "perf-*.map").SelectMany(File.ReadLines).Select(MethodLine.OfMap);
var ofMethods = Directory.GetFiles(records, "*.txt").SelectMany(File.ReadLines).Select(MethodLine.OfList);
var both = ofTypes.Concat(ofMethods).OfType<MethodLine>().Distinct();
foreach (var line in both.OrderBy(line => line.ToString(), StringComparer.Ordinal))
{
    var known = line.In(types).ToList();
    found.UnionWith(known);
    lines++;
    unknown += known.Count == 0 ? 1 : 0;
}

MibcFile.Write(profile, Path.GetFileNameWithoutExtension(program), found);
Console.WriteLine($"{found.Count:N0} methods of {lines:N0} names; {unknown:N0} names are unknown to reflection.");

static string FolderOf(Type type) => Path.GetDirectoryName(type.Assembly.Location)!;

static Assembly? Load(string file)
{
    try
    {
        return Assembly.Load(AssemblyName.GetAssemblyName(file));
    }
    catch (Exception error) when (error is BadImageFormatException or FileLoadException)
    {
        return null; // a native library
    }
}

/// <summary>A method by names: its type, and the arguments of the method where it is generic.</summary>
internal sealed partial record MethodLine(string Type, string Method, string? Arguments)
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance
        | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>Generic methods, from "12: JIT compiled Type`1[args]:Method[args](parameters) [Tier0".</summary>
    public static MethodLine? OfList(string line)
    {
        var name = Listed().Match(line).Groups[1].Value;
        return Outside(name, ":") is var colon and > 0
            && Of(name[..colon], name[(colon + 1)..]) is { Arguments: not null } method
            ? method
            : null;
    }

    /// <summary>Methods of generic types, from
    /// "address size result [Assembly] Type`1[args]::Method(parameters)[QuickJitted]".</summary>
    public static MethodLine? OfMap(string line)
    {
        var name = Mapped().Match(line).Groups[1].Value;
        return Outside(name, "::") is var colons and > 0
            && Of(name[..colons], name[(colons + 2)..]) is { Arguments: null } method
            && method.Type.Contains('[', StringComparison.Ordinal)
            ? method
            : null;
    }

    /// <summary>The methods of this name: overloads are not told apart.</summary>
    public IEnumerable<MethodBase> In(TypeNames types)
    {
        if (types.Find(Type) is not { ContainsGenericParameters: false } type)
            return [];
        if (Method is ".ctor" or ".cctor")
            return type.GetConstructors(All).Where(one => one.Name == Method);
        var named = type.GetMethods(All).Where(one => one.Name == Method && !one.IsAbstract);
        return Arguments is null
            ? named.Where(one => !one.IsGenericMethodDefinition)
            : named.Select(one => types.Close(one, TypeNames.Split(Arguments))).OfType<MethodBase>();
    }

    private static MethodLine Of(string type, string rest)
    {
        var method = Outside(rest, "(") is var bracket and >= 0 ? rest[..bracket] : rest;
        return method.IndexOf('[', StringComparison.Ordinal) is var from and > 0
            ? new(type, method[..from], method[(from + 1)..^1])
            : new(type, method, null);
    }

    /// <summary>Where a text is first outside of square brackets.</summary>
    private static int Outside(string text, string sought)
    {
        var depth = 0;
        for (var at = 0; at < text.Length; at++)
        {
            depth += text[at] is '[' ? 1 : text[at] is ']' ? -1 : 0;
            if (depth == 0 && string.CompareOrdinal(text, at, sought, 0, sought.Length) == 0)
                return at;
        }

        return -1;
    }

    [GeneratedRegex(@"JIT compiled (.+?) \[(?:Tier0|FullOpts)")]
    private static partial Regex Listed();

    [GeneratedRegex(@" \[[^\]]+\] (\S+::.+)\[(?:QuickJitted|Optimized)\]$")]
    private static partial Regex Mapped();
}

/// <summary>Finds types by the names that the runtime writes.</summary>
internal sealed class TypeNames(IReadOnlyList<Assembly> assemblies)
{
    /// <summary>Code for any class is shared: a class will do for the runtime's name of all.</summary>
    private readonly Dictionary<string, Type?> _types = new(StringComparer.Ordinal)
    {
        ["System.__Canon"] = typeof(object),
        ["bool"] = typeof(bool),
        ["char"] = typeof(char),
        ["byte"] = typeof(byte),
        ["ubyte"] = typeof(byte),
        ["short"] = typeof(short),
        ["ushort"] = typeof(ushort),
        ["int"] = typeof(int),
        ["uint"] = typeof(uint),
        ["long"] = typeof(long),
        ["ulong"] = typeof(ulong),
        ["nint"] = typeof(nint),
        ["nuint"] = typeof(nuint),
        ["float"] = typeof(float),
        ["double"] = typeof(double),
    };

    public Type? Find(string name)
    {
        if (!_types.TryGetValue(name, out var type))
        {
            _types[name] = type = name.EndsWith("[]", StringComparison.Ordinal)
                ? Find(name[..^2])?.MakeArrayType()
                : Closed(name);
        }

        return type;
    }

    public MethodInfo? Close(MethodInfo method, IReadOnlyList<string> names)
    {
        if (!method.IsGenericMethodDefinition || method.GetGenericArguments().Length != names.Count)
            return null;
        var arguments = names.Select(Find).OfType<Type>().ToArray();
        return arguments.Length < names.Count ? null : Try(() => method.MakeGenericMethod(arguments));
    }

    public static IReadOnlyList<string> Split(string arguments)
    {
        var (parts, depth, start) = (new List<string>(), 0, 0);
        for (var at = 0; at <= arguments.Length; at++)
        {
            if (at == arguments.Length || (arguments[at] == ',' && depth == 0))
            {
                parts.Add(arguments[start..at].Trim());
                start = at + 1;
            }
            else
            {
                depth += arguments[at] is '[' ? 1 : arguments[at] is ']' ? -1 : 0;
            }
        }

        return parts;
    }

    private Type? Closed(string name)
    {
        var bracket = name.IndexOf('[', StringComparison.Ordinal);
        if (bracket < 0)
            return assemblies.Select(assembly => assembly.GetType(name)).FirstOrDefault(type => type is not null);
        var arguments = Split(name[(bracket + 1)..^1]).Select(Find).ToArray();
        return Find(name[..bracket]) is { IsGenericTypeDefinition: true } definition && !arguments.Contains(null)
            ? Try(() => definition.MakeGenericType(arguments!))
            : null;
    }

    private static T? Try<T>(Func<T> make) where T : class
    {
        try
        {
            return make();
        }
        catch (ArgumentException)
        {
            return null; // an enum that the list names as a number
        }
    }
}

/// <summary>A profile is an assembly whose methods load tokens of those it tells of, in a zip file.</summary>
internal static class MibcFile
{
    public static void Write(string file, string module, IEnumerable<MethodBase> methods)
    {
        var assembly = new PersistedAssemblyBuilder(new AssemblyName("Profile"), typeof(object).Assembly);
        var tokens = assembly.DefineDynamicModule("Profile");
        var groups = methods
            .Select((method, index) => Global(tokens, $"_{index}", body => Load(tokens, body, method)))
            .ToList();
        Global(tokens, "AssemblyDictionary", body =>
        {
            foreach (var group in groups)
            {
                // A group is read where all its assemblies are compiled: this one. Each method is a group of its own,
                // since after one that crossgen2 cannot find it passes over the rest of the group.
                body.Emit(OpCodes.Ldstr, module + ";");
                body.Emit(OpCodes.Ldtoken, group);
                body.Emit(OpCodes.Pop);
            }
        });
        tokens.CreateGlobalFunctions();
        using var zip = new ZipArchive(File.Create(file), ZipArchiveMode.Create);
        using var content = zip.CreateEntry(Path.GetFileName(file) + ".dll", CompressionLevel.SmallestSize).Open();
        assembly.Save(content);
    }

    private static void Load(ModuleBuilder tokens, ILGenerator body, MethodBase method)
    {
        if (method is MethodInfo info)
            body.Emit(OpCodes.Ldtoken, info);
        else
            body.Emit(OpCodes.Ldtoken, tokens.GetMethodMetadataToken((ConstructorInfo)method));
        body.Emit(OpCodes.Pop);
    }

    private static MethodBuilder Global(ModuleBuilder tokens, string name, Action<ILGenerator> write)
    {
        const MethodAttributes Open = MethodAttributes.Public | MethodAttributes.Static;
        var method = tokens.DefineGlobalMethod(name, Open, typeof(void), null);
        var body = method.GetILGenerator();
        write(body);
        body.Emit(OpCodes.Ret);
        return method;
    }
}
