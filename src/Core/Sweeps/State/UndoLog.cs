namespace Sweeps.Core.Sweeps.State;

/// <summary>
/// How to take back one decision: the totals before it and, in order, what turns each changed row back.
/// </summary>
internal sealed class UndoLog(SweepTotals before)
{
    private readonly List<Action> _steps = [];

    public SweepTotals Before { get; } = before;

    public void Push(Action step) => _steps.Add(step);

    public void Run()
    {
        for (var index = _steps.Count - 1; index >= 0; index--)
            _steps[index]();
    }
}
