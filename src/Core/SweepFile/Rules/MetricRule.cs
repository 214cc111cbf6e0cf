namespace Sweeps.Core.SweepFile.Rules;

/// <summary>What a sweep can seek, in our words and those of other programs.</summary>
internal static class MetricRule
{
    /// <summary>One of them.</summary>
    public static SharedRule<string> Names { get; } = new("metric", new ChoiceRule(
        new Choice("validation_accuracy", "share of the validation samples classified rightly", "val_accuracy",
            "val_acc", "accuracy", "acc", "binary_accuracy", "val_binary_accuracy"),
        new Choice("validation_loss", "mean loss over the validation samples", "val_loss", "loss"),
        new Choice(
            "validation_error",
            "1 - accuracy, or the mean absolute error of a regression",
            "val_error", "error", "mean_absolute_error", "val_mean_absolute_error", "mae", "val_mae"),
        new Choice("validation_precision", "mean precision of the classes or labels", "precision", "val_precision",
            "precision_macro"),
        new Choice("validation_recall", "mean recall of the classes or labels", "recall", "val_recall", "recall_macro"),
        new Choice("validation_f1", "mean F1 of the classes or labels", "f1", "f1_score", "val_f1", "f1_macro",
            "macro_f1"),
        new Choice("validation_balanced_accuracy", "mean recall of the classes, by its other name",
            "balanced_accuracy", "val_balanced_accuracy"),
        new Choice("validation_roc_auc", "mean area under the ROC curves, each class against all others", "auc",
            "val_auc", "roc_auc", "roc_auc_ovr"),
        new Choice("validation_top_3_accuracy", "share of samples whose class is among the first three named", "top_3",
            "top3", "val_top3", "top_3_accuracy"),
        new Choice("validation_top_5_accuracy", "share of samples whose class is among the first five named", "top_5",
            "top5", "val_top5", "top_5_accuracy"),
        new Choice("validation_exact_match", "share of samples of which all of several labels are right",
            "exact_match", "exact_match_ratio", "subset_accuracy", "val_exact_match"),
        new Choice("validation_squared_error", "mean squared error of a regression, whatever its loss",
            "mean_squared_error", "mse", "val_mse", "val_mean_squared_error"),
        new Choice("validation_r2", "share of a regression's variance that is explained", "r2", "r2_score", "val_r2"),
        new Choice("weights", "number of weights to learn; not as the only objective", "num_weights", "n_weights",
            "num_params", "n_params", "trainable_params", "num_parameters", "n_parameters"),
        new Choice("multiply_adds", "products of one sample's way forward; not as the only objective", "macs",
            "mult_adds", "madds"))
    {
        Hints = ForeignNames.Values("metric"),
    });
}
