using System.Collections.Concurrent;

namespace Sweeps.Compat.Orleans.Tests;

/// <summary>
/// What grains tell the tests, and what tests let grains wait for. A wait has a deadline, so that a failure is an error
/// and not a hang.
/// </summary>
public sealed class Journal
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, TaskCompletionSource> signals = new();
    private readonly ConcurrentQueue<string> entries = new();

    public IReadOnlyCollection<string> Entries => entries;

    public void Write(string entry) => entries.Enqueue(entry);

    public void Signal(string name) => Of(name).TrySetResult();

    public bool IsSignalled(string name) => Of(name).Task.IsCompleted;

    public Task Signalled(string name) => Of(name).Task.WaitAsync(Deadline);

    private TaskCompletionSource Of(string name) =>
        signals.GetOrAdd(name, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
