using System.Diagnostics;
using System.Globalization;

namespace Sweeps.Tests.Shared;

/// <summary>
/// A PostgreSQL server of the test's own: its data in a temporary folder, a free port on loopback, a password. As root
/// it runs as the user postgres, since the server refuses root. It can be stopped, killed and paused as real ones are.
/// Processes are killed here, never the machine: what the server wrote survives without flushing a disk.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>The superuser of the server.</summary>
    public const string User = "sweeps";

    /// <summary>Its password; with characters that an address has to escape, and easy to find in a text.</summary>
    public const string Password = "s3cret/p@ss:word";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string? Binaries = FindBinaries();

    private readonly string _folder;
    private readonly string[] _settings;
    private Process? _process;
    private int _databases;

    private PostgresServer(string folder, int port, string[] settings) =>
        (_folder, Port, _settings) = (folder, port, settings);

    /// <summary>Why there can be no server here; null: there can.</summary>
    public static string? SkipReason
    {
        get
        {
            if (OperatingSystem.IsWindows())
                return "the PostgreSQL test server needs Unix";
            if (Binaries is null)
                return "PostgreSQL's server programs (initdb, postgres) are not installed: apt-get install postgresql";
            return Environment.UserName == "root" && !File.Exists("/usr/bin/setpriv")
                ? "root cannot run PostgreSQL and setpriv is missing: apt-get install util-linux"
                : null;
        }
    }

    public int Port { get; }

    public string DataFolder => Path.Combine(_folder, "data");

    /// <summary>What the server wrote, for messages of failing tests.</summary>
    public string LogText => File.Exists(LogPath) ? File.ReadAllText(LogPath) : "";

    private string LogPath => Path.Combine(_folder, "server.log");

    /// <summary>Creates a server and starts it; the settings are of the form <c>name=value</c>.</summary>
    public static async Task<PostgresServer> CreateAsync(params string[] settings)
    {
        if (SkipReason is not null)
            throw new InvalidOperationException(SkipReason);
        var folder = NewFolder();
        var server = new PostgresServer(folder, FreePort.Next(), settings);
        await File.WriteAllTextAsync(Path.Combine(folder, "password"), Password);
        await RunAsync("chmod", "-R", "a+rX", folder);
        if (Environment.UserName == "root")
            await RunAsync("chown", "-R", "postgres", folder);
        await RunAsync(AsServerUser(
            "initdb", "-D", server.DataFolder, "-U", User, "-A", "scram-sha-256", "--pwfile",
            Path.Combine(folder, "password"), "--no-sync", "-E", "UTF8", "--locale=C"));
        await server.StartAsync();
        return server;
    }

    /// <summary>A standby of this server that follows it; it takes over when it is promoted.</summary>
    public async Task<PostgresServer> StartStandbyAsync()
    {
        var folder = NewFolder();
        var server = new PostgresServer(folder, FreePort.Next(), _settings);
        await RunAsync(
            [
                Path.Combine(Binaries!, "pg_basebackup"), "-D", server.DataFolder, "-R", "-X", "stream", "--no-sync",
                "-c", "fast", "-h", "127.0.0.1", "-p", $"{Port}", "-U", User,
            ],
            ("PGPASSWORD", Password));
        await RunAsync("chmod", "-R", "go-rwx", server.DataFolder);
        await RunAsync("chmod", "a+rx", folder);
        if (Environment.UserName == "root")
            await RunAsync("chown", "-R", "postgres", folder);
        await server.StartAsync();
        return server;
    }

    /// <summary>The store's address of a database; without the password where PGPASSWORD is to give it.</summary>
    public string Address(string database = "postgres", bool withPassword = true)
    {
        var user = withPassword ? $"{User}:{Uri.EscapeDataString(Password)}" : User;
        return string.Create(CultureInfo.InvariantCulture, $"postgres://{user}@127.0.0.1:{Port}/{database}");
    }

    /// <summary>Creates an empty database and returns its address.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"test{Interlocked.Increment(ref _databases)}";
        await SqlAsync($"CREATE DATABASE {name}");
        return Address(name);
    }

    /// <summary>Restores a dump of a database as a new one, with PostgreSQL's tools, and returns its address.</summary>
    public async Task<string> RestoreDumpAsync(string database = "postgres")
    {
        var address = await CreateDatabaseAsync();
        var name = address[(address.LastIndexOf('/') + 1)..];
        var file = Path.Combine(Path.GetTempPath(), $"sweeps-{Guid.NewGuid():N}.dump");
        string[] server = ["-h", "127.0.0.1", "-p", $"{Port}", "-U", User];
        try
        {
            await RunAsync(
                [Path.Combine(Binaries!, "pg_dump"), .. server, "--format", "custom", "--file", file, database],
                ("PGPASSWORD", Password));
            await RunAsync(
                [Path.Combine(Binaries!, "pg_restore"), .. server, "--dbname", name, file],
                ("PGPASSWORD", Password));
        }
        finally
        {
            File.Delete(file);
        }

        return address;
    }

    /// <summary>Runs SQL through psql, independently of any driver; returns what it prints.</summary>
    public Task<string> SqlAsync(string sql, string database = "postgres") => PsqlAsync(database, "-c", sql);

    /// <summary>
    /// Rows of a table that were written and read, by the server's own count, which is whole once all connections have
    /// gone: waits for that.
    /// </summary>
    public async Task<(long Written, long Read)> CountRowsAsync(string table, string database)
    {
        const string others =
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
                + "AND backend_type = 'client backend'";
        for (var watch = Stopwatch.StartNew(); await SqlAsync(others, database) != "0"; await Task.Delay(50))
        {
            if (watch.Elapsed > Patience)
                throw new TimeoutException($"Somebody still has {database} open.");
        }

        var counted = await SqlAsync(
            "SELECT n_tup_ins || ' ' || coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) "
                + $"FROM pg_stat_user_tables WHERE relid = '{table}'::regclass", database);
        var rows = counted.Split(' ').Select(text => long.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        return (rows[0], rows[1]);
    }

    /// <summary>Runs a file of SQL through psql: longer than an argument may be.</summary>
    public Task<string> SqlFileAsync(string path, string database) => PsqlAsync(database, "-f", path);

    /// <summary>Starts the server again after a stop or a kill; returns when it answers.</summary>
    /// <param name="listens">The addresses it listens on.</param>
    public async Task StartAsync(string listens = "127.0.0.1")
    {
        string[] command =
        [
            .. AsServerUser("postgres"),
            "-D", DataFolder, "-p", $"{Port}", "-k", _folder,
            "-c", $"listen_addresses={listens}", "-c", "fsync=off", "-c", "autovacuum=off",
            .. _settings.SelectMany(setting => (string[])["-c", setting]),
        ];
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"exec \"$@\" >>'{LogPath}' 2>&1");
        start.ArgumentList.Add("sh");
        foreach (var word in command)
            start.ArgumentList.Add(word);
        for (var watch = Stopwatch.StartNew(); ; await Task.Delay(50))
        {
            // After a kill the old children hold the memory segment for a moment, and the new server refuses to start.
            if (_process is null or { HasExited: true })
                _process = Process.Start(start)!;
            if (await AnswersAsync())
                return;
            if (watch.Elapsed > Patience)
                throw new TimeoutException($"The PostgreSQL test server did not start: {LogText}");
        }
    }

    /// <summary>Stops as an administrator would: connections are cut, everything is written.</summary>
    public async Task StopAsync()
    {
        if (_process is { HasExited: false })
            await SignalAsync("INT", _process.Id);
        await ExitAsync();
    }

    /// <summary>kill -9 of the server and all its workers.</summary>
    public async Task KillAsync()
    {
        await SignalAsync("KILL", Processes());
        await ExitAsync();
    }

    /// <summary>Stops the server's clockwork: connections stay open and nothing answers.</summary>
    public Task PauseAsync() => SignalAsync("STOP", Processes());

    /// <summary>Lets a paused server go on.</summary>
    public Task ContinueAsync() => SignalAsync("CONT", Processes());

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>
    /// Memory where there is plenty: a database is 300 files, and a disk's file system is slow to find room for them
    /// while the files of earlier tests are being removed.
    /// </summary>
    private static string NewFolder()
    {
        const string memory = "/dev/shm";
        var root = Directory.Exists(memory) && new DriveInfo(memory).AvailableFreeSpace > 4L << 30
            ? memory
            : Path.GetTempPath();
        return Directory.CreateDirectory(Path.Combine(root, $"sweeps-pg-{Guid.NewGuid():N}")).FullName;
    }

    private static string? FindBinaries()
    {
        const string debian = "/usr/lib/postgresql";
        IEnumerable<string> folders = Directory.Exists(debian)
            ? Directory.GetDirectories(debian).OrderDescending(StringComparer.Ordinal).Select(path => $"{path}/bin")
            : [];
        folders = folders.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator));
        return folders.FirstOrDefault(
            folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));
    }

    private static string[] AsServerUser(params string[] command)
    {
        command[0] = Path.Combine(Binaries!, command[0]);
        return Environment.UserName == "root"
            ? ["/usr/bin/setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--", .. command]
            : command;
    }

    private Task<string> PsqlAsync(string database, params string[] what) => RunAsync(
        [
            Path.Combine(Binaries!, "psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1",
            "-h", "127.0.0.1", "-p", $"{Port}", "-U", User, "-d", database, .. what,
        ],
        ("PGPASSWORD", Password));

    private static async Task<string> RunAsync(string[] command, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/tmp",
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? (await output).Trim()
            : throw new InvalidOperationException($"{command[0]} failed: {await errors}{await output}");
    }

    private static Task<string> RunAsync(string command, params string[] arguments) =>
        RunAsync([command, .. arguments]);

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await RunAsync([Path.Combine(Binaries!, "pg_isready"), "-h", "127.0.0.1", "-p", $"{Port}", "-t", "1"]);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private int[] Processes()
    {
        if (_process is null or { HasExited: true })
            return [];
        // The kernel lists a process's children; PostgreSQL's have none of their own.
        var children = File.ReadAllText($"/proc/{_process.Id}/task/{_process.Id}/children");
        return [_process.Id, .. children.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
    }

    private static async Task SignalAsync(string signal, params int[] processes)
    {
        if (processes.Length > 0)
            await RunAsync(["/bin/sh", "-c", $"kill -{signal} {string.Join(' ', processes)} 2>/dev/null || true"]);
    }

    private async Task ExitAsync()
    {
        if (_process is null)
            return;
        await _process.WaitForExitAsync().WaitAsync(Patience);
        _process.Dispose();
        _process = null;
    }
}
