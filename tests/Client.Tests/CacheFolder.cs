using System.Runtime.CompilerServices;

namespace Sweeps.Client.Tests;

/// <summary>Commands of these tests keep fetched tables in a temporary folder, not in the user's cache.</summary>
internal static class CacheFolder
{
    [ModuleInitializer]
    internal static void Set() => Environment.SetEnvironmentVariable(
        "XDG_CACHE_HOME", Directory.CreateTempSubdirectory("sweeps-client-cache-").FullName);
}
