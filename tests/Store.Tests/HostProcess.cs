using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Sweeps.Store.Contract;

namespace Sweeps.Store.Tests;

/// <summary>The child process that appends and says what was acknowledged (tests/Store.Host).</summary>
internal sealed class HostProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ConcurrentQueue<(long First, long Last)> _acknowledged = [];
    private readonly SemaphoreSlim _lines = new(0);
    private readonly Task<string> _errors;
    private long _last;

    public HostProcess(params string[] arguments)
    {
        _process = Process.Start(new ProcessStartInfo("dotnet", [Program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _process.OutputDataReceived += (_, line) => Receive(line.Data);
        _process.BeginOutputReadLine();
        _errors = _process.StandardError.ReadToEndAsync();
    }

    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "Sweeps.Store.Host.dll");

    public int Id => _process.Id;

    /// <summary>The groups acknowledged so far.</summary>
    public IReadOnlyCollection<(long First, long Last)> Acknowledged => _acknowledged;

    /// <summary>Waits until this many more lines came (the first says that the store is open).</summary>
    public async Task ReadAsync(int lines)
    {
        for (var line = 0; line < lines; line++)
        {
            if (!await _lines.WaitAsync(Patience))
                throw new TimeoutException($"The host went silent: {(_process.HasExited ? await _errors : "it runs")}");
        }
    }

    /// <summary>
    /// Waits for an acknowledgement of an event after this one. Counting lines would not do: those that the host had
    /// printed before may be many.
    /// </summary>
    public async Task ReadBeyondAsync(long sequence)
    {
        while (Interlocked.Read(ref _last) <= sequence)
            await ReadAsync(1);
    }

    /// <summary>kill -9; what it had printed before is read to the end.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Waits for its own end; returns its exit code and what it said on stderr.</summary>
    public async Task<(int Code, string Errors)> ExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return (_process.ExitCode, await _errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
        _lines.Dispose();
    }

    private void Receive(string? line)
    {
        // A line that the kill cut in two was not acknowledged to anyone.
        var numbers = line?.Split(' ');
        if (numbers is { Length: 2 })
        {
            _acknowledged.Enqueue((Number(numbers[0]), Number(numbers[1])));
            Interlocked.Exchange(ref _last, Math.Max(_last, Number(numbers[1])));
        }

        if (line is not null)
            _lines.Release();
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>Holds what a store kept against what it had acknowledged.</summary>
internal static class Acknowledgements
{
    /// <summary>Every acknowledged event is there; no gap, no duplicate, nothing acknowledged twice.</summary>
    public static async Task CheckAsync(
        ISweepStore store, string sweep, IReadOnlyCollection<(long First, long Last)> groups)
    {
        var events = await store.Log.ReadAsync(sweep, 0);
        for (var index = 0; index < events.Count; index++)
        {
            Assert.Equal(index + 1, events[index].Sequence);
            Assert.Equal((index + 1).ToString(CultureInfo.InvariantCulture),
                Encoding.UTF8.GetString(events[index].Payload.Span));
        }

        long end = 0;
        foreach (var (first, last) in groups.OrderBy(group => group.First))
        {
            Assert.True(first > end, $"{first} was acknowledged twice");
            end = last;
        }

        Assert.True(end <= events.Count, $"acknowledged up to {end}, there are {events.Count}");
        Assert.Equal(events.Count, (await store.Log.FindAsync(sweep))?.LastSequence ?? 0);
    }
}
