using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Orleans.Silo;

/// <summary>The services of a silo.</summary>
internal static class SiloServices
{
    public static void AddTo(IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(SiloRuntime)))
        {
            return;
        }

        services.AddLogging();
        services.AddOptions();
        services.PostConfigure<SiloOptions>(options => options.SiloName ??= string.Create(
            CultureInfo.InvariantCulture, $"Silo_{Random.Shared.Next(100_000):D5}"));
        services.AddSingleton<IValidateOptions<GrainCollectionOptions>, GrainCollectionValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ILocalSiloDetails, LocalSiloDetails>();
        services.AddSingleton<SiloRuntime>();
        services.AddSingleton<SiloGrainFactory>();
        services.AddSingleton<IGrainFactory>(provider => provider.GetRequiredService<SiloGrainFactory>());
        services.AddSingleton<IClusterClient>(provider => provider.GetRequiredService<SiloGrainFactory>());
        services.AddSingleton<SiloLifecycle>();
        services.AddSingleton<ISiloLifecycle>(provider => provider.GetRequiredService<SiloLifecycle>());
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, SiloStages>();

        // For grains that derive from nothing and take their context in the constructor.
        services.AddScoped<IGrainContext>(_ => Activation.Current
            ?? throw new InvalidOperationException("There is no grain context outside a grain's turn."));
        services.AddHostedService<SiloHost>();
    }
}
