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
    public Task<Answer> AddAsync(string id, int more) => DoAsync(async () =>
    {
        if (more < 1)
        {
            throw new SweepsException(
                ErrorKind.Usage, $"{more} configurations cannot be added; allowed are 1 or more.");
        }

        var state = await AddCommand.AddAsync(follower.Store, id, more, CancellationToken.None);
        return $"{id} now has {Figures.Count(state.Configurations, "configuration")}, "
            + $"{Figures.Count(state.Totals.Planned)} trials.";
    });

    /// <summary>Runs waiting trials earlier or later.</summary>
    public Task<Answer> SetPriorityAsync(string id, string trial, int priority) => DoAsync(async () =>
    {
        var (configuration, fold) = PriorityCommand.Read(trial.Trim()) ?? throw new SweepsException(
            ErrorKind.Usage,
            $"'{trial}' is no trial: allowed is CONFIGURATION or CONFIGURATION/FOLD, each a number from 0.");
        await Steering.GiveAsync(
            follower.Store, id, new SetPriority(configuration, priority, fold), CancellationToken.None);
        return $"{id}: configuration {configuration}{(fold is { } one ? $", fold {one}," : "")} now has priority "
            + $"{priority}.";
    });

    /// <summary>Stops one trial for good; the sweep goes on.</summary>
    public Task<Answer> StopTrialAsync(string id, TrialId trial, string reason) => DoAsync(async () =>
    {
        var view = await SweepView.OpenAsync(follower.Store, id);
        return (await StopCommand.StopAsync(
            follower.Store, view.State, [trial], Reason(reason), CancellationToken.None)).Text;
    });

    /// <summary>Asks a silo for a number of slots; null: the number it was started with.</summary>
    public Task<Answer> SetSlotsAsync(string silo, int? slots) => DoAsync(async () =>
    {
        if (slots is < 0 or > SlotsCommand.Most)
        {
            throw new SweepsException(
                ErrorKind.Usage, $"{slots} slots are not possible; allowed are 0 to {SlotsCommand.Most}.");
        }

        await SlotsCommand.RequestAsync(follower.Store, silo, slots, CancellationToken.None);
        return $"{silo} will have "
            + $"{(slots is { } count ? Figures.Count(count, "slot") : "the slots it was started with")} "
            + "from its next heartbeat. Excess slots close after their current trial.";
    });

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
