using Sweeps.Core.SweepFile.Syntax;

namespace Sweeps.Core.SweepFile.Rules;

/// <summary>Keys of W&amp;B's files that have no effect here; each is accepted and says so.</summary>
internal static class ForeignKeys
{
    private const string NoScript = "has no effect: Sweeps trains the networks under 'architectures' itself";

    private const string NoServer = "has no effect: results stay in your own store";

    public static IReadOnlyList<Key> All { get; } =
    [
        new Key<SourceNode>("program", new AnyRule(), "W&B: the training script.") { Note = NoScript },
        new Key<SourceNode>("command", new AnyRule(), "W&B: how the script is called.") { Note = NoScript },
        new Key<SourceNode>("project", new AnyRule(), "W&B: the project.") { Note = NoServer },
        new Key<SourceNode>("entity", new AnyRule(), "W&B: the account.") { Note = NoServer },
    ];
}
