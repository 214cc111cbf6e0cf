using System.CommandLine;
using Sweeps.Store;
using Sweeps.Store.Addresses;
using Sweeps.Store.Contract;

namespace Sweeps.Client.Terminal;

/// <summary>The option that says which store is meant, the same for every command that opens one.</summary>
internal sealed class StoreOption
{
    public Option<string?> Option { get; } = new("--store")
    {
        Description = "A folder or postgres://USER@HOST/DATABASE. "
            + $"Default: {StoreAddress.EnvironmentVariable}, else {StoreAddress.Default}.",
        HelpName = "store",
    };

    public StoreAddress Address(ParseResult parsed) => StoreAddress.Parse(parsed.GetValue(Option));

    /// <summary>Opens the store for writing; creates it where there is none.</summary>
    public Task<ISweepStore> OpenAsync(ParseResult parsed, CancellationToken cancellation = default) =>
        StoreFactory.OpenAsync(Address(parsed), cancellationToken: cancellation);

    /// <summary>Opens the store for reading, also while another process writes.</summary>
    public Task<ISweepStore> LookAsync(ParseResult parsed) =>
        StoreFactory.OpenAsync(Address(parsed), new() { Access = StoreAccess.ReadOnly });

    /// <summary>Opens an existing store for writing, also while other processes write.</summary>
    public Task<ISweepStore> ChangeAsync(ParseResult parsed, CancellationToken cancellation = default) =>
        StoreFactory.OpenAsync(Address(parsed), new() { Access = StoreAccess.Change }, cancellationToken: cancellation);

    /// <summary>The folder for files beside the store: results and logs.</summary>
    public static string FolderOf(StoreAddress address) =>
        address.Kind == StoreKind.Sqlite && Path.GetDirectoryName(address.Path) is { Length: > 0 } folder
            ? folder
            : Path.GetFullPath(StoreAddress.Default);

    /// <summary>The folder of the silos' logs.</summary>
    public static string LogFolderOf(StoreAddress address) => Path.Combine(FolderOf(address), "logs");
}

/// <summary>The option for programs, the same for every command.</summary>
internal static class JsonOption
{
    public static Option<bool> Create() => new("--json")
    {
        Description = "Print one JSON object to stdout instead of text.",
    };
}

/// <summary>The argument that names a sweep, the same for every command.</summary>
internal static class SweepArgument
{
    public static Argument<string> Create() => new("id") { Description = "The sweep, as 'sweeps list' shows it." };
}
