using Microsoft.AspNetCore.Components;
using Sweeps.Core;

namespace Sweeps.Client.Dashboard.Pages;

/// <summary>A part of a page that is brought up to date whenever the store may have something new.</summary>
public abstract class LivePage : ComponentBase, IDisposable
{
    private IDisposable? _watch;
    private int _busy;

    /// <summary>What all pages follow together.</summary>
    [Inject] private protected StoreFollower Follower { get; set; } = null!;

    /// <summary>Whether the page shows it no more.</summary>
    private protected bool IsGone { get; private set; }

    /// <summary>Stops being brought up to date.</summary>
    public void Dispose()
    {
        IsGone = true;
        _watch?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected override void OnInitialized() => _watch = Follower.Watch(Changed);

    /// <inheritdoc/>
    // Parts of a page are drawn after it, from what was read for it.
    protected override Task OnInitializedAsync() =>
        GetType().IsDefined(typeof(RouteAttribute), inherit: false) ? Follower.FreshAsync() : Task.CompletedTask;

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        var refreshing = RefreshAsync();
        // What a store that is away does not tell comes when it is back; meanwhile the frame says so.
        if (refreshing.IsCompleted || await Task.WhenAny(refreshing, Task.Delay(Follower.Patience)) == refreshing)
            await refreshing;
    }

    /// <summary>Reads what is shown; drawn after it.</summary>
    protected abstract Task RefreshAsync();

    // While one refresh is under way, what comes is seen by the next: the follower calls at least once a second.
    private void Changed()
    {
        if (Interlocked.Exchange(ref _busy, 1) == 1)
            return;
        _ = InvokeAsync(async () =>
        {
            try
            {
                if (IsGone)
                    return;
                await RefreshAsync();
                StateHasChanged();
            }
            catch (ObjectDisposedException)
            {
                // The page was closed meanwhile.
            }
            catch (SweepsException)
            {
                // The store is away: the follower says so on every page, and what was shown stays.
            }
            catch (Exception error)
            {
                await DispatchExceptionAsync(error);
            }
            finally
            {
                _busy = 0;
            }
        });
    }
}
