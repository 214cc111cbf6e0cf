using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Sweeps.Client.Silos;
using Sweeps.Client.Sweep;
using Sweeps.Client.Sweep.Control;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Core.Log;
using Sweeps.Core.Results;

namespace Sweeps.Client.Dashboard;

/// <summary>
/// What the user of a page may do, by the same paths as the commands. Each action looks again whether the user has
/// shown the token: a page may outlive its session.
/// </summary>
internal sealed class Operator(StoreFollower follower, DashboardAccess access, AuthenticationStateProvider users)
{
    private const string Origin = "from the dashboard";

    /// <summary>Whether there is a token to show.</summary>
    public bool CanSignIn => access.CanAct || (access.CanSignIn && !access.IsLocal);

    /// <summary>Whether the user may act.</summary>
    public async Task<bool> MayActAsync() => access.CanAct && await IsSignedInAsync();

    /// <summary>Whether the user has shown the token, as where looking needs it.</summary>
    public async Task<bool> IsSignedInAsync() => await UserAsync() is { } user && access.HasShown(user);

    /// <summary>Pauses a sweep.</summary>
    public Task<Answer> PauseAsync(string id, string reason) => GiveAsync(id, new PauseSweep(Reason(reason)));

    /// <summary>Goes on with a paused sweep, where silos train for it.</summary>
    public Task<Answer> ResumeAsync(string id, bool retryFailed) => GiveAsync(id, new ResumeSweep(retryFailed));

    /// <summary>Ends a sweep for good.</summary>
    public Task<Answer> CancelAsync(string id, string reason) => GiveAsync(id, new CancelSweep(Reason(reason)));

    /// <summary>Extends a search.</summary>
    public Task<Answer> AddAsync(string id, string more) => DoAsync(async () =>
    {
        var count = Whole(more, "number of configurations to add", 1, SweepPlan.ConfigurationsMax);
        var state = await AddCommand.AddAsync(follower.Store, id, count, CancellationToken.None);
        return $"{id} now has {Figures.Count(state.Configurations, "configuration")}, "
            + $"{Figures.Count(state.Totals.Planned)} trials.";
    });

    /// <summary>Runs waiting trials earlier or later.</summary>
    public Task<Answer> SetPriorityAsync(string id, string trial, string priority) => DoAsync(async () =>
    {
        var (configuration, fold) = PriorityCommand.Read(trial.Trim()) ?? throw new SweepsException(
            ErrorKind.Usage,
            $"'{trial}' is no trial: allowed is CONFIGURATION or CONFIGURATION/FOLD, each a number from 0.");
        var value = Whole(priority, "priority", int.MinValue, int.MaxValue);
        await Steering.GiveAsync(
            follower.Store, id, new SetPriority(configuration, value, fold), CancellationToken.None);
        return $"{id}: configuration {configuration}{(fold is { } one ? $", fold {one}," : "")} now has priority "
            + $"{value}.";
    });

    /// <summary>Stops one trial for good; the sweep goes on.</summary>
    public Task<Answer> StopTrialAsync(string id, TrialId trial, string reason) => DoAsync(async () =>
    {
        var view = await SweepView.OpenAsync(follower.Store, id);
        return (await StopCommand.StopAsync(
            follower.Store, view.State, [trial], Reason(reason), CancellationToken.None)).Text;
    });

    /// <summary>Asks a silo for a number of slots.</summary>
    public Task<Answer> SetSlotsAsync(string silo, string slots) => DoAsync(async () =>
    {
        var count = Whole(slots, "number of slots", 0, SlotsCommand.Most);
        await SlotsCommand.RequestAsync(follower.Store, silo, count, CancellationToken.None);
        return $"{silo} will have {Figures.Count(count, "slot")} "
            + "from its next heartbeat. Excess slots close after their current trial.";
    });

    // Fields take any text: a browser would keep back what it does not take for a number, and send what was before.
    private static int Whole(string text, string what, int least, int most) =>
        int.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most
            ? number
            : throw new SweepsException(
                ErrorKind.Usage,
                $"'{text}' is no {what}: allowed is a whole number from {least} to {most}. Nothing was changed.");

    private Task<Answer> GiveAsync(string id, SweepCommand command) => DoAsync(async () =>
    {
        var state = await Steering.GiveAsync(follower.Store, id, command, CancellationToken.None);
        return $"{id} is {ConfigurationText.Word(state.Status)}"
            + (state.Reason is { } reason ? $": {reason.TrimEnd('.')}." : ".");
    });

    private async Task<Answer> DoAsync(Func<Task<string>> act)
    {
        if (!await MayActAsync())
            return new(false, "Refused: sign in with the token first.");
        try
        {
            return new(true, await act());
        }
        catch (SweepsException error)
        {
            return new(false, error.Message);
        }
    }

    private async Task<ClaimsPrincipal?> UserAsync()
    {
        try
        {
            return (await users.GetAuthenticationStateAsync()).User;
        }
        catch (InvalidOperationException)
        {
            // No browser has told who it is.
            return null;
        }
    }

    private static string Reason(string text) =>
        text.Trim() is { Length: > 0 } reason ? reason[..Math.Min(reason.Length, 500)] : Origin;

    /// <summary>What came of an action.</summary>
    /// <param name="IsDone">Whether it was done.</param>
    /// <param name="Text">What to tell the user.</param>
    internal readonly record struct Answer(bool IsDone, string Text);
}
