using System.Net.Sockets;
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
        Notify(ServiceState.Ready);
    }

    /// <summary>The silo drains and then ends.</summary>
    public void Stopping() => Notify(ServiceState.Stopping);

    /// <summary>What <c>systemctl status</c> shows: one line.</summary>
    public void Status(string line) => Notify(new ServiceState($"STATUS={line}"));

    private void Notify(ServiceState state)
    {
        try
        {
            _notifier.Notify(state);
        }
        catch (SocketException)
        {
            // The socket of another service's environment, or gone: nobody hears, and the silo goes on.
        }
    }
}
