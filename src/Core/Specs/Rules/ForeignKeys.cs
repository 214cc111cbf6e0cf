namespace Sweeps.Core.Specs.Rules;

/// <summary>Keys of W&amp;B's files that have no effect here; each is accepted and says so.</summary>
internal static class ForeignKeys
{
    private const string NoScript = "has no effect: Sweeps trains the networks under 'architectures' itself";

    private const string NoServer = "has no effect: results stay in your own store";

    public static IReadOnlyList<KeyDescription> All { get; } =
    [
        new("program", new AnyRule(), "W&B: the training script.") { Note = NoScript },
        new("command", new AnyRule(), "W&B: how the script is called.") { Note = NoScript },
        new("project", new AnyRule(), "W&B: the project.") { Note = NoServer },
        new("entity", new AnyRule(), "W&B: the account.") { Note = NoServer },
        new("early_terminate", new AnyRule("object"), "W&B: stopping poor runs early.")
        {
            Note = "is not supported yet: every configuration trains all its epochs on all its folds; "
                + "'patience' stops a training that no longer improves, 'run_cap' bounds the number of configurations",
        },
    ];
}
