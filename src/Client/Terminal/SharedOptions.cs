using System.CommandLine;
using Sweeps.Core;
using Sweeps.Store;
using Sweeps.Store.Addresses;
using Sweeps.Store.Contract;

namespace Sweeps.Client.Terminal;

/// <summary>The option that says which store is meant, the same for every command that opens one.</summary>
internal sealed class StoreOption
{
    private const string Name = "--store";

    public Option<string?> Option { get; } = new(Name)
    {
        Description = "A folder or postgres://USER@HOST/DATABASE. "
            + $"Default: {StoreAddress.EnvironmentVariable}, else {StoreAddress.Default}.",
        HelpName = "store",
    };

    public StoreAddress Address(ParseResult parsed) => StoreAddress.Parse(parsed.GetValue(Option));

    /// <summary>What is to be said of a password that the command line names; null: it names none.</summary>
    public static string? PasswordNote(ParseResult parsed)
    {
        var typed = parsed.CommandResult.Command.Options.FirstOrDefault(option => option.Name == Name) is { } store
            && parsed.GetResult(store) is { Tokens: [.., var last] } ? last.Value : null;
        try
        {
            return !string.IsNullOrWhiteSpace(typed) && StoreAddress.Parse(typed).HasPassword
                ? $"{Name} has a password, which other users of this machine can see in the list of processes: leave "
                    + "it out there, and put it into the variable PGPASSWORD or into a file that PGPASSFILE names"
                : null;
        }
        catch (SweepsException)
        {
            // The command says what is wrong with the address.
            return null;
        }
    }

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
