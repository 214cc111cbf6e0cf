using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sweeps.Core;
using Sweeps.Silo.Cluster;

namespace Sweeps.Silo.Health;

/// <summary>The one address of a web server inside a process that does something else.</summary>
public static class WebEndpoint
{
    /// <summary>Listens there alone, and leaves signals to the process.</summary>
    /// <param name="builder">The server's.</param>
    /// <param name="endpoint">Where; port 0: a free one.</param>
    /// <param name="certificate">Null: without TLS.</param>
    public static void Listen(WebApplicationBuilder builder, IPEndPoint endpoint, HealthCertificate? certificate)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        if (certificate is not null)
            builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Listen(endpoint, listen =>
            {
                if (certificate is not null)
                    listen.UseHttps(certificate.Options);
            });
        });
    }

    /// <summary>Starts it; one that cannot start is disposed of.</summary>
    /// <exception cref="SweepsException">The address cannot be used.</exception>
    public static async Task StartAsync(WebApplication application, IPEndPoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(application);
        try
        {
            await application.StartAsync();
        }
        catch (IOException error)
        {
            await application.DisposeAsync();
            throw new SweepsException(
                ErrorKind.Usage,
                $"--listen {endpoint}: {error.Message} Choose a free port and an address of this machine.", error);
        }
    }

    /// <summary>
    /// Where it listens, with the port that it got where 0 was asked for; of a server on all addresses, where other
    /// machines find it.
    /// </summary>
    /// <param name="application">The server.</param>
    /// <param name="name">What such a server is called; null: the machine's usual address.</param>
    public static Uri AddressOf(WebApplication application, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(application);
        var listens = new Uri(application.Services.GetRequiredService<IServer>().Features
            .Get<IServerAddressesFeature>()!.Addresses.First());
        if (!IPAddress.TryParse(listens.Host, out var any)
            || !(any.Equals(IPAddress.Any) || any.Equals(IPAddress.IPv6Any)))
            return listens;
        var machine = OwnAddress.Machine().Find(
            address => address.AddressFamily == AddressFamily.InterNetwork || any.Equals(IPAddress.IPv6Any));
        var usual = $"{machine ?? IPAddress.Loopback}";
        // What is no name, as one with a port, is refused by no one before: the pages are found by the address then.
        var host = Uri.CheckHostName(name) == UriHostNameType.Unknown ? usual : name;
        return new UriBuilder(listens) { Host = host }.Uri;
    }

    /// <summary>Stops it, whatever is still being answered.</summary>
    public static async Task StopAsync(WebApplication application)
    {
        ArgumentNullException.ThrowIfNull(application);
        using var atOnce = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await application.StopAsync(atOnce.Token);
        await application.DisposeAsync();
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
