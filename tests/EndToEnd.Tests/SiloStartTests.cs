using System.Diagnostics;
using System.Net;
using Sweeps.Tests.Shared;

namespace Sweeps.EndToEnd.Tests;

/// <summary>A silo between its start and its entry: it answers probes, and ends at once when it is told to.</summary>
[Trait("Speed", "slow")]
public sealed class SiloStartTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    /// <summary>On a machine without other load it is under 2 s.</summary>
    private static readonly TimeSpan EndMost = TimeSpan.FromSeconds(30);

    /// <summary>Likewise under 1 s: a process needs time to be there at all.</summary>
    private static readonly TimeSpan AnswerMost = TimeSpan.FromMinutes(1);

    [PostgresFact]
    public async Task Silo_WaitingForTheLastRunsLease_AnswersProbes_AndEndsWhenTold_AlsoWithoutItsDatabase()
    {
        await using var server = await PostgresServer.CreateAsync();
        using var folder = new TemporaryFolder();
        // Never over in this test: the waiting is what is looked at.
        using (var last = Start(server, folder, FreePort.Next(), "--lease", "600"))
        {
            await last.UntilReadyAsync();
            last.Process.Kill();
        }

        foreach (var isAway in (bool[])[false, true])
        {
            using var next = Start(server, folder, FreePort.Next(), "--lease", "600");
            var said = await next.UntilSaysAsync("waiting for its lease");
            Assert.StartsWith("joining: 1 silo of the last run has not been seen for", said, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, (await next.GetAsync("/health/live"))!.Value.Code);
            if (isAway)
                await server.KillAsync();
            await next.EndAsync("before it had joined");
        }
    }

    /// <summary>At every moment of a start.</summary>
    [PostgresFact]
    public async Task Silo_ToldToStopWhileItStarts_EndsInOrder()
    {
        await using var server = await PostgresServer.CreateAsync();
        using var folder = new TemporaryFolder();
        foreach (var after in (double[])[0, 0.3, 1, 1.8])
        {
            using var silo = Start(server, folder, FreePort.Next());
            await silo.UntilSaysAsync("joining: ");
            await Task.Delay(TimeSpan.FromSeconds(after));
            await silo.EndAsync(null);
        }

        // Nobody is left in the table that others would wait for.
        Assert.Equal("0", (await server.SqlAsync("SELECT count(*) FROM sweeps.cluster_members WHERE active")).Trim());
    }

    private static StartingSilo Start(
        PostgresServer server, TemporaryFolder folder, int port, params string[] arguments) =>
        new(
            SweepsProcess.Start(
                folder.Path,
                new Dictionary<string, string> { ["SWEEPS_STORE"] = server.Address() },
                ["silo", "--slots", "1", "--listen", $"{port}", .. arguments]),
            port);

    private sealed class StartingSilo(SweepsProcess process, int port) : IDisposable
    {
        private readonly HttpClient _client = new() { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        private readonly Stopwatch _clock = Stopwatch.StartNew();

        public SweepsProcess Process => process;

        public async Task<(HttpStatusCode Code, string Text)?> GetAsync(string path)
        {
            try
            {
                using var answer = await _client.GetAsync(new Uri(path, UriKind.Relative));
                return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
            }
            catch (HttpRequestException)
            {
                return null;
            }
        }

        public async Task UntilReadyAsync() => await UntilAsync(answer => answer is { Code: HttpStatusCode.OK });

        /// <summary>Until it says, not ready, what is asked for.</summary>
        public async Task<string> UntilSaysAsync(string words)
        {
            var (code, text) = await UntilAsync(
                answer => answer.Text.Contains(words, StringComparison.Ordinal) || answer.Code == HttpStatusCode.OK);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, code);
            return text;
        }

        private async Task<(HttpStatusCode Code, string Text)> UntilAsync(
            Func<(HttpStatusCode Code, string Text), bool> holds)
        {
            using var limit = new CancellationTokenSource(Deadline);
            var hasAnswered = false;
            while (true)
            {
                var answer = await GetAsync("/health/ready");
                hasAnswered |= answer is not null;
                Assert.True(hasAnswered || _clock.Elapsed < AnswerMost, "it does not answer while it starts");
                Assert.False(process.HasExited, "the silo ended");
                if (answer is { } given && holds(given))
                    return given;
                await Task.Delay(20, limit.Token);
            }
        }

        public async Task EndAsync(string? says)
        {
            var clock = Stopwatch.StartNew();
            process.Signal("TERM");
            var (exit, _, error) = await process.EndAsync();
            Assert.True(exit == 0, $"exit code {exit}: {error}");
            Assert.True(clock.Elapsed < EndMost, $"it took {clock.Elapsed} to end: {error}");
            if (says is not null)
                Assert.Contains(says, error, StringComparison.Ordinal);
        }

        public void Dispose()
        {
            _client.Dispose();
            process.Dispose();
        }
    }
}
