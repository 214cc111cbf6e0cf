using Sweeps.Core.SweepFile.Syntax;

namespace Sweeps.Core.SweepFile.Rules;

/// <summary>Keys of W&amp;B's files that have no effect here; each is accepted and says so.</summary>
internal static class ForeignKeys
{
    private const string NoScript = "has no effect: Sweeps trains the networks under 'architectures' itself";

    private const string NoController = "has no effect: Sweeps chooses the configurations itself, as 'method' says";

    private const string NoGaps = "has no effect: a search learns from configurations whose trainings are over, and "
        + "what diverged counts as the worst";

    private const string NoServer = "has no effect: results stay in your own store";

    public static IReadOnlyList<Key> All { get; } =
    [
        new Key<SourceNode>("program", new AnyRule(), "W&B: the training script.") { Note = NoScript },
        new Key<SourceNode>("command", new AnyRule(), "W&B: how the script is called.") { Note = NoScript },
        new Key<SourceNode>("project", new AnyRule(), "W&B: the project.") { Note = NoServer },
        new Key<SourceNode>("entity", new AnyRule(), "W&B: the account.") { Note = NoServer },
        new Key<SourceNode>("job", new AnyRule(), "W&B: what is launched.") { Note = NoScript },
        new Key<SourceNode>("controller", new AnyRule(), "W&B: who chooses configurations.") { Note = NoController },
        new Key<SourceNode>("impute", new AnyRule(), "W&B: the value of a run that failed.") { Note = NoGaps },
        new Key<SourceNode>("impute_while_running", new AnyRule(), "W&B: the value of a run that is not over.")
        {
            Note = NoGaps,
        },
    ];
}
