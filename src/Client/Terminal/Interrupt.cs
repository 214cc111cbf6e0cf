using System.Runtime.InteropServices;

namespace Sweeps.Client.Terminal;

/// <summary>
/// Ctrl-C, SIGTERM and a terminal that is closed: the first signal asks for an orderly stop, the second for an
/// immediate one.
/// </summary>
internal sealed class Interrupt : IDisposable
{
    /// <summary>The exit code after Ctrl-C, as shells expect it.</summary>
    public const int ExitCode = 130;

    /// <summary>The signals that end a process in order.</summary>
    public static readonly IReadOnlyList<PosixSignal> Signals =
        [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];

    private readonly CancellationTokenSource _first = new();
    private readonly CancellationTokenSource _second = new();
    private readonly List<PosixSignalRegistration> _registrations = [];

    public Interrupt()
    {
        foreach (var signal in Signals)
            _registrations.Add(PosixSignalRegistration.Create(signal, Handle));
    }

    /// <summary>Fires at the first signal.</summary>
    public CancellationToken InOrder => _first.Token;

    /// <summary>Fires at the second.</summary>
    public CancellationToken AtOnce => _second.Token;

    /// <summary>Completes when the token fires.</summary>
    public static async Task SignalAsync(CancellationToken token) =>
        await Task.Delay(Timeout.Infinite, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _first.Dispose();
        _second.Dispose();
    }

    /// <summary>What a signal does.</summary>
    internal void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        if (!_first.IsCancellationRequested)
            _first.Cancel();
        // A terminal that is closed says it twice: its shell does, and the system.
        else if (context.Signal != PosixSignal.SIGHUP)
            _second.Cancel();
    }
}

/// <summary>
/// The same signals before a command has begun anything: the first signal ends the process with a word, since reading
/// a file or opening a store cannot be told to stop.
/// </summary>
internal sealed class EarlyInterrupt : IDisposable
{
    /// <summary>What is said of a run that had not begun.</summary>
    public const string Word = "Interrupted before anything was begun: nothing was submitted, nothing was trained.";

    private readonly List<PosixSignalRegistration> _registrations = [];

    public EarlyInterrupt(TextWriter error)
    {
        foreach (var signal in Interrupt.Signals)
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, _ =>
            {
                error.WriteLine(Word);
                ProcessEnd.With(Interrupt.ExitCode);
            }));
        }
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
    }
}
