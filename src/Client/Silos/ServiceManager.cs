using Microsoft.Extensions.Hosting.Systemd;

namespace Sweeps.Client.Silos;

/// <summary>
/// Tells systemd how far a silo is, where it started one with <c>Type=notify</c> (sd_notify(3)); elsewhere it does
/// nothing.
/// </summary>
internal sealed class ServiceManager
{
    private readonly SystemdNotifier _notifier = new();

    /// <summary>The silo has joined and takes work.</summary>
    public void Ready(string status)
    {
        Status(status);
        _notifier.Notify(ServiceState.Ready);
    }

    /// <summary>The silo drains and then ends.</summary>
    public void Stopping() => _notifier.Notify(ServiceState.Stopping);

    /// <summary>What <c>systemctl status</c> shows: one line.</summary>
    public void Status(string line) => _notifier.Notify(new ServiceState($"STATUS={line}"));
}
