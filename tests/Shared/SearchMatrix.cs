using Sweeps.Core.Schedulers;
using Sweeps.Core.Searchers;
using Sweeps.Core.SweepFile;

namespace Sweeps.Tests.Shared;

/// <summary>Every search method with every schedule that a sweep file can give it.</summary>
internal static class SearchMatrix
{
    /// <summary>What the file says under <c>method</c> and <c>schedule</c>.</summary>
    public static IReadOnlyList<(string Method, string Schedule)> All { get; } =
    [
        .. from method in Enum.GetValues<SearchMethod>()
           from schedule in Schedules()
           where !method.Learns() || !schedule.IsOneBracket
           select (SweepVocabulary.NameOf(method), schedule.Text),
    ];

    /// <summary>The lines of a sweep file that say what is searched: twelve points of a grid, ranges otherwise.
    /// </summary>
    public static string SpaceOf(string method) => method == "grid"
        ? "parameters: {learning_rate: [0.001, 0.003, 0.01, 0.03], batch_size: [20, 50, 100]}"
        : "parameters: {learning_rate: {min: 0.001, max: 0.1, scale: log}, batch_size: [20, 50, 100]}";

    private static IEnumerable<(string Text, bool IsOneBracket)> Schedules()
    {
        yield return ("none", false);
        foreach (var method in Enum.GetValues<ScheduleMethod>())
        {
            var more = method switch
            {
                ScheduleMethod.Race => "alpha: 0.3",
                ScheduleMethod.Median => "warmup: 2, over: both",
                _ => "eta: 2",
            };
            var name = method.ToString().ToLowerInvariant();
            if (method is ScheduleMethod.Median or ScheduleMethod.Hyperband)
            {
                yield return ($"{{method: {name}, {more}}}", false);
                continue;
            }

            foreach (var order in Enum.GetValues<RungOrder>())
            {
                yield return (
                    $"{{method: {name}, order: {order.ToString().ToLowerInvariant()}, {more}}}",
                    order == RungOrder.Bracket);
            }
        }
    }
}
