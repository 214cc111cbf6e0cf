using Sweeps.Core.Log;

namespace Sweeps.Core.State;

public sealed partial class SweepState
{
    private readonly LinkedList<UndoLog> _undoLogs = [];
    private UndoLog? _undo;

    /// <summary>From here on changes can be taken back, until they are accepted.</summary>
    internal void BeginChange() => _undo = _undoLogs.AddLast(new UndoLog(_facts)).Value;

    /// <summary>Whatever was changed up to this sequence stands.</summary>
    internal void Accept(long sequence)
    {
        while (_undoLogs.First is { } oldest && (oldest.Next?.Value.Before.Sequence ?? Sequence) <= sequence)
            _undoLogs.RemoveFirst();
        if (_undoLogs.Count == 0)
            _undo = null;
    }

    /// <summary>Takes back everything since the last accepted change.</summary>
    internal void TakeBack()
    {
        while (_undoLogs.Last is { } newest)
        {
            newest.Value.Run();
            _facts = newest.Value.Before;
            _undoLogs.RemoveLast();
        }

        _undo = null;
    }

    private void JournalTrial(TrialId trial)
    {
        // The refit's row is part of the facts.
        if (_undo is not null && !trial.IsRefit)
            PushTrial(trial, _undo);
    }

    private void PushTrial(TrialId trial, UndoLog undo)
    {
        var before = Cell(trial);
        undo.Push(() => MutableCell(trial) = before);
    }

    private void JournalConfiguration(int index) => Journal(_cells, index);

    private void Journal<T>(ChunkedTable<T> table, int index)
        where T : struct
    {
        // The closure is made only where it is kept.
        if (_undo is not null)
            Push(table, index, _undo);
    }

    private static void Push<T>(ChunkedTable<T> table, int index, UndoLog undo)
        where T : struct
    {
        var before = table[index];
        undo.Push(() => table[index] = before);
    }
}

/// <summary>
/// How to take back one decision: the facts before it and, in order, what turns each changed row back.
/// </summary>
internal sealed class UndoLog(SweepFacts before)
{
    private readonly List<Action> _steps = [];

    public SweepFacts Before { get; } = before;

    public void Push(Action step) => _steps.Add(step);

    public void Run()
    {
        for (var index = _steps.Count - 1; index >= 0; index--)
            _steps[index]();
    }
}
