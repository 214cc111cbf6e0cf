using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Orleans.Silo;

/// <summary>Refuses ages and periods that cannot work.</summary>
internal sealed class GrainCollectionValidator : IValidateOptions<GrainCollectionOptions>
{
    public ValidateOptionsResult Validate(string? name, GrainCollectionOptions options)
    {
        if (options.CollectionQuantum <= TimeSpan.Zero)
        {
            return ValidateOptionsResult.Fail(
                $"{nameof(GrainCollectionOptions)}.{nameof(options.CollectionQuantum)} is {options.CollectionQuantum}: "
                + "it must be positive.");
        }

        return options.CollectionAge > options.CollectionQuantum
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{nameof(GrainCollectionOptions)}.{nameof(options.CollectionAge)} is {options.CollectionAge}: "
                + $"it must be greater than {nameof(options.CollectionQuantum)}, "
                + $"which is {options.CollectionQuantum}.");
    }
}
