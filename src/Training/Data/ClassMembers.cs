namespace Sweeps.Training.Data;

/// <summary>The samples of each class.</summary>
internal static class ClassMembers
{
    /// <summary>
    /// One list a class, up to the largest label, each in ascending order; classes without samples have empty ones.
    /// </summary>
    /// <param name="labels">From 0, and below the number of samples or below 65,536: labels are numbered
    /// classes.</param>
    public static int[][] Of(ReadOnlySpan<int> labels)
    {
        var classes = 0;
        foreach (var label in labels)
        {
            if (label < 0 || label >= Math.Max(labels.Length, 65_536))
                throw new ArgumentOutOfRangeException(nameof(labels), label,
                    "Labels are numbered from 0 without large gaps.");
            classes = Math.Max(classes, label + 1);
        }

        var counts = new int[classes];
        foreach (var label in labels)
            counts[label]++;
        var members = Array.ConvertAll(counts, count => new int[count]);
        Array.Clear(counts);
        for (var sample = 0; sample < labels.Length; sample++)
            members[labels[sample]][counts[labels[sample]]++] = sample;
        return members;
    }
}
