using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Sweeps.Store.Contract;

namespace Sweeps.Silo.Cluster;

/// <summary>
/// Silos that the membership table calls alive and that are not, as after a kill of all. A joining silo of Orleans
/// reaches each of them or does not join; here those whose sign of life is older than the lease are declared dead, and
/// younger ones that cannot be reached are waited for. A silo that lives is not judged by a silence of the store: one
/// that still accepts connections, or does not answer at all, has time to write again once the store answers.
/// </summary>
internal sealed class FormerSilos(IMembershipStore table, string cluster, TimeSpan lease, SiloStart start)
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(1);

    /// <summary>
    /// What one look adds at most to the time that a silo was watched: while the store is away nobody can write.
    /// </summary>
    private static readonly TimeSpan WatchedMost = 2 * Poll;

    /// <summary>Living silos write every third of a lease, and after an outage within a second or two.</summary>
    private readonly TimeSpan _patience = (lease / 3) + TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, Sighting> _seen = [];
    private readonly HashSet<string> _unreachable = [];
    private readonly TaskCompletionSource _awaited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset? _looked;
    private TimeSpan _passed;
    private int _told;

    private enum Way
    {
        Unknown,
        Open,
        Refused,
        Silent,
    }

    /// <summary>A living silo that cannot be reached, and what to do; null: all can.</summary>
    public string? Unreachable { get; private set; }

    /// <summary>Completes when nobody is waited for any more.</summary>
    public Task Awaited => _awaited.Task;

    /// <summary>Before this silo enters: returns when nobody is left to be waited for.</summary>
    public async Task AwaitAsync(CancellationToken cancellation)
    {
        start.Enter("it looks who is in the cluster");
        await table.InitializeAsync(cluster, cancellation);
        while (await LookAsync(self: null, cancellation) is { Count: > 0 } waiting)
        {
            Tell(waiting);
            await Task.Delay(Poll, cancellation);
        }

        start.Enter("it joins the cluster");
        _awaited.TrySetResult();
    }

    /// <summary>
    /// While this silo joins: keeps its row alive, which Orleans does only later, and the others' rows true. Ends when
    /// cancelled.
    /// </summary>
    public async Task WatchAsync(SiloAddress self, CancellationToken cancellation)
    {
        var key = self.ToParsableString();
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Poll, cancellation);
                await table.UpdateIAmAliveAsync(cluster, key, cancellation);
                if (await LookAsync(key, cancellation) is { Count: > 0 } waiting)
                    Tell(waiting);
            }
            catch (Exception error) when (error is OperationCanceledException or StoreException)
            {
                // Over, or the store is away, which the joining itself notices.
            }
        }
    }

    /// <summary>This silo will not join after all: nobody shall wait for it.</summary>
    public async Task WithdrawAsync(SiloAddress self, CancellationToken cancellation)
    {
        var read = await table.ReadRowAsync(cluster, self.ToParsableString(), cancellation);
        if (read.Rows is [var row])
            await table.DeclareGoneAsync(cluster, [Dead(row, Entry(read, row))], TimeSpan.Zero, cancellation);
    }

    /// <summary>One look at the table.</summary>
    /// <returns>How long each of those has not been seen that a join has to wait for.</returns>
    private async Task<List<TimeSpan>> LookAsync(string? self, CancellationToken cancellation)
    {
        var read = await table.ReadAsync(cluster, cancellation);
        _passed = _looked is { } before && read.Now - before < WatchedMost ? read.Now - before : WatchedMost;
        _looked = read.Now;
        var others = read.Rows
            .Where(row => row.Entry.Silo != self)
            .Select(row => (Row: row, Entry: Entry(read, row)))
            .Where(other => other.Entry.Status != SiloStatus.Dead)
            .ToList();
        var ways = await Task.WhenAll(others.Select(other => SeeAsync(read, other.Row, other.Entry, cancellation)));
        var gone = others.Where((other, i) => IsGone(read, other.Row, ways[i])).ToList();
        if (gone.Count > 0)
        {
            var count = await table.DeclareGoneAsync(
                cluster, [.. gone.Select(other => Dead(other.Row, other.Entry))], lease, cancellation);
            if (count > 0)
                start.Tell($"{Silos(count)} of the last run did not leave in order: dead, since the lease is over");
        }

        return
        [
            .. others
                .Where((other, i) => other.Entry.Status == SiloStatus.Active && !gone.Contains(other)
                    && ways[i] is Way.Refused or Way.Silent && !_unreachable.Contains(other.Row.Entry.Silo))
                .Select(other => read.Now - other.Row.Entry.IAmAlive),
        ];
    }

    /// <summary>Notes a silo's sign of life, and tries the way to it.</summary>
    private async Task<Way> SeeAsync(
        MemberTable read, MemberRow row, MembershipEntry entry, CancellationToken cancellation)
    {
        var silo = row.Entry.Silo;
        if (!_seen.TryGetValue(silo, out var seen))
        {
            _seen.Add(silo, seen = new() { IAmAlive = row.Entry.IAmAlive });
        }
        else if (seen.IAmAlive == row.Entry.IAmAlive)
        {
            seen.Watched += _passed;
        }
        else
        {
            (seen.IAmAlive, seen.Watched) = (row.Entry.IAmAlive, TimeSpan.Zero);
            if (seen.Way is Way.Refused or Way.Silent && entry.Status == SiloStatus.Active)
                TellUnreachable(silo, entry, seen.Way);
        }

        var isStale = read.Now - row.Entry.IAmAlive > lease;
        // An open way stays open until there is a doubt: living silos are not disturbed every second.
        if (isStale || (seen.Way != Way.Open && entry.Status == SiloStatus.Active))
            seen.Way = await TryAsync(entry.SiloAddress, cancellation);
        return seen.Way;
    }

    private bool IsGone(MemberTable read, MemberRow row, Way way) =>
        read.Now - row.Entry.IAmAlive > lease
        && (way == Way.Refused || _seen[row.Entry.Silo].Watched >= _patience);

    private static async Task<Way> TryAsync(SiloAddress silo, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(ConnectPatience);
        using var socket = new Socket(silo.Endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(silo.Endpoint, limit.Token);
            return Way.Open;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode == SocketError.ConnectionRefused ? Way.Refused : Way.Silent;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Way.Silent;
        }
    }

    private void Tell(List<TimeSpan> waiting)
    {
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"{Silos(waiting.Count)} of the last run {(waiting.Count == 1 ? "has" : "have")} not been seen for "
                + $"{waiting.Min().TotalSeconds:0} s; waiting for {(waiting.Count == 1 ? "its" : "their")} lease "
                + $"({lease.TotalSeconds:0.#} s)");
        start.Enter(line);
        if (_told == waiting.Count)
            return;
        _told = waiting.Count;
        start.Tell(line);
    }

    private void TellUnreachable(string silo, MembershipEntry entry, Way way)
    {
        if (!_unreachable.Add(silo))
            return;
        var endpoint = entry.SiloAddress.Endpoint;
        var how = way == Way.Refused
            ? "it refuses the connection"
            : $"it does not answer within {ConnectPatience.TotalSeconds:0} s";
        var what = IPAddress.IsLoopback(endpoint.Address)
            ? "that is an address of its own machine: start it with --advertise and one that this machine reaches"
            : $"open TCP port {endpoint.Port} of {endpoint.Address} to this machine (--silo-port fixes it), or start "
                + "it with --advertise and an address that this machine reaches";
        Unreachable = $"silo {entry.SiloName} lives, but {endpoint} cannot be reached from here: {how}. To be in one "
            + $"cluster {what}";
        start.Tell(Unreachable);
    }

    private static string Silos(int count) => count == 1 ? "1 silo" : $"{count} silos";

    private static MembershipEntry Entry(MemberTable read, MemberRow row) =>
        MembershipJson.Read(row.Entry, DateTimeOffset.UtcNow - (read.Now - row.Entry.IAmAlive));

    private static MemberRow Dead(MemberRow row, MembershipEntry entry)
    {
        entry.Status = SiloStatus.Dead;
        return row with { Entry = row.Entry with { IsActive = false, Entry = MembershipJson.Write(entry) } };
    }

    /// <summary>A silo's last sign of life, how long it was watched since, and the way to it.</summary>
    private sealed class Sighting
    {
        public DateTimeOffset IAmAlive { get; set; }

        public TimeSpan Watched { get; set; }

        public Way Way { get; set; }
    }
}

/// <summary>
/// Waits for the silos of the last run when Orleans has started up to where it looks for the others: what takes the
/// processor is done by then.
/// </summary>
internal sealed class FormerSilosWait(FormerSilos former) : ILifecycleParticipant<ISiloLifecycle>
{
    public void Participate(ISiloLifecycle lifecycle)
    {
        ArgumentNullException.ThrowIfNull(lifecycle);
        lifecycle.Subscribe(
            nameof(FormerSilosWait), ServiceLifecycleStage.RuntimeGrainServices - 1, former.AwaitAsync);
    }
}
