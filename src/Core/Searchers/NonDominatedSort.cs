namespace Sweeps.Core.Searchers;

/// <summary>
/// Puts vectors of costs in order, where none is the best of all: by non-dominated rank, and within a rank by crowding
/// distance (Deb, Pratap, Agarwal and Meyarivan, "A fast and elitist multiobjective genetic algorithm: NSGA-II", IEEE
/// Transactions on Evolutionary Computation 6, 2002). One vector dominates another where it is at least as good in
/// every cost and better in one; equal ones do not dominate each other. A vector is null where there is nothing to
/// compare: all that have one dominate it. Ties go by the first cost, then by the lower index.
/// </summary>
internal static class NonDominatedSort
{
    /// <summary>
    /// Configurations at most where every proposal or every decision on one puts all so far in order by three
    /// objectives or more: with all of them on one front it takes half a second.
    /// </summary>
    public const int MostInOrder = 5_000;

    /// <summary>Whether <paramref name="left"/> dominates <paramref name="right"/>.</summary>
    public static bool Dominates(double[] left, double[] right)
    {
        var isBetter = false;
        for (var i = 0; i < left.Length; i++)
        {
            if (left[i] > right[i])
                return false;
            isBetter |= left[i] < right[i];
        }

        return isBetter;
    }

    /// <summary>
    /// The fronts, the non-dominated one first; members by their first cost, then their index. Vectors are taken in
    /// the order of their costs and join the first front none of whose members dominates them, found by halving (Zhang,
    /// Tian, Cheng and Jin, "An efficient approach to nondominated sorting", IEEE Transactions on Evolutionary
    /// Computation 19, 2015): O(n log n) for two costs.
    /// </summary>
    /// <param name="costs">Smaller is better; without NaN.</param>
    public static IReadOnlyList<List<int>> Fronts(IReadOnlyList<double[]?> costs)
    {
        var order = Enumerable.Range(0, costs.Count).Where(i => costs[i] is not null).ToList();
        order.Sort((left, right) => Compare(costs[left]!, costs[right]!) is not 0 and var first
            ? first
            : left.CompareTo(right));
        var fronts = new List<List<int>>();
        foreach (var index in order)
        {
            var (low, high) = (0, fronts.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = IsDominated(costs, fronts[middle], index) ? (middle + 1, high) : (low, middle);
            }

            if (low == fronts.Count)
                fronts.Add([]);
            fronts[low].Add(index);
        }

        var without = Enumerable.Range(0, costs.Count).Where(i => costs[i] is null).ToList();
        if (without.Count > 0)
            fronts.Add(without);
        return fronts;
    }

    /// <summary>All indices, best first: by rank, then the least crowded.</summary>
    public static IReadOnlyList<int> Order(IReadOnlyList<double[]?> costs)
    {
        var order = new List<int>(costs.Count);
        foreach (var front in Fronts(costs))
        {
            if (costs[front[0]] is null)
            {
                order.AddRange(front);
                continue;
            }

            var crowding = Crowding([.. front.Select(i => costs[i]!)]);
            // A stable sort: a front is in the order of the first cost, then of the index.
            order.AddRange(front.Index().OrderByDescending(member => crowding[member.Index]).Select(m => m.Item));
        }

        return order;
    }

    /// <summary>
    /// The crowding distances of a front: over all costs, the gap between a member's neighbours as a share of the
    /// front's range; infinite at both ends. A cost that is the same for all tells nothing.
    /// </summary>
    public static double[] Crowding(IReadOnlyList<double[]> front)
    {
        var distances = new double[front.Count];
        for (var cost = 0; cost < front[0].Length; cost++)
        {
            var at = cost;
            List<int> order = [.. Enumerable.Range(0, front.Count).OrderBy(i => front[i][at])];
            var range = front[order[^1]][at] - front[order[0]][at];
            if (range <= 0)
                continue;
            distances[order[0]] = distances[order[^1]] = double.PositiveInfinity;
            for (var place = 1; place < order.Count - 1; place++)
                distances[order[place]] += (front[order[place + 1]][at] - front[order[place - 1]][at]) / range;
        }

        return distances;
    }

    /// <summary>
    /// The indices that go on where only so many can: whole fronts, and of the last one members that are far from each
    /// other. The first of these is the best in the first cost, each next one the farthest from those that go on
    /// already, by the largest difference of a cost as a share of the front's range (the epsilon-net of Schmucker,
    /// Donini, Zafar, Salinas and Archambeau, "Multi-objective asynchronous successive halving", 2021). Vectors that
    /// are null never go on.
    /// </summary>
    /// <param name="count">How many go on at most.</param>
    /// <returns>Best first: by front, within a front by the first cost or, in the last, as they were taken.</returns>
    public static IReadOnlyList<int> Take(IReadOnlyList<double[]?> costs, int count)
    {
        var taken = new List<int>();
        foreach (var front in Fronts(costs))
        {
            if (taken.Count == count || costs[front[0]] is null)
                break;
            taken.AddRange(front.Count <= count - taken.Count
                ? front
                : Spread([.. front.Select(i => costs[i]!)], count - taken.Count).Select(member => front[member]));
        }

        return taken;
    }

    /// <summary>
    /// Whether the vector with index 0 is among those that <see cref="Take"/> takes, found sooner: whoever dominates it
    /// is taken before it, and the members of its front are compared only where that front does not go on whole.
    /// </summary>
    /// <param name="count">How many go on at most; at least 1.</param>
    public static bool TakesFirst(IReadOnlyList<double[]?> costs, int count)
    {
        if (costs[0] is not { } first || costs.Count(other => other is not null && Dominates(other, first)) >= count)
            return false;
        var taken = 0;
        foreach (var front in Fronts(costs))
        {
            if (taken >= count || costs[front[0]] is null)
                return false;
            var place = front.IndexOf(0);
            if (place < 0)
            {
                taken += front.Count;
                continue;
            }

            return front.Count <= count - taken || place == 0
                || Spread([.. front.Select(i => costs[i]!)], count - taken, until: place).Contains(place);
        }

        return false;
    }

    /// <summary>So many members of a front that are far from each other; the first is the front's first.</summary>
    /// <param name="until">No more are taken after this one; null: all.</param>
    private static List<int> Spread(IReadOnlyList<double[]> front, int count, int? until = null)
    {
        var ranges = Enumerable.Range(0, front[0].Length)
            .Select(cost => front.Max(v => v[cost]) - front.Min(v => v[cost])).ToArray();
        var taken = new List<int> { 0 };
        var isTaken = new bool[front.Count];
        isTaken[0] = true;
        var distances = Enumerable.Repeat(double.PositiveInfinity, front.Count).ToArray();
        while (taken.Count < count && taken[^1] != until)
        {
            var farthest = -1;
            for (var i = 0; i < front.Count; i++)
            {
                distances[i] = Math.Min(distances[i], Distance(front[i], front[taken[^1]], ranges));
                if (!isTaken[i] && (farthest < 0 || distances[i] > distances[farthest]))
                    farthest = i;
            }

            taken.Add(farthest);
            isTaken[farthest] = true;
        }

        return taken;
    }

    private static double Distance(double[] left, double[] right, double[] ranges)
    {
        var largest = 0.0;
        for (var i = 0; i < ranges.Length; i++)
        {
            if (ranges[i] > 0)
                largest = Math.Max(largest, Math.Abs(left[i] - right[i]) / ranges[i]);
        }

        return largest;
    }

    // In this order the last member of a front of two costs has the least second one: if it does not, none dominates.
    private static bool IsDominated(IReadOnlyList<double[]?> costs, List<int> front, int index)
    {
        var vector = costs[index]!;
        var last = vector.Length == 2 ? front.Count - 1 : 0;
        for (var i = front.Count - 1; i >= last; i--)
        {
            if (Dominates(costs[front[i]]!, vector))
                return true;
        }

        return false;
    }

    private static int Compare(double[] left, double[] right)
    {
        for (var i = 0; i < left.Length; i++)
        {
            if (left[i].CompareTo(right[i]) is not 0 and var order)
                return order;
        }

        return 0;
    }
}
