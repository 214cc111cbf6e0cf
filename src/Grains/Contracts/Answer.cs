using Sweeps.Core;
using Sweeps.Core.Decisions;

namespace Sweeps.Grains.Contracts;

/// <summary>
/// The answer to a command. Errors are answers, not exceptions, so that they read the same from any machine.
/// </summary>
/// <param name="IsDone">The wish is fulfilled, by this call or before it.</param> <param name="Message">Why not, for
/// people; null where it is done.</param> <param name="Rejection">The class of the reason; null where it is done or an
/// error has it.</param> <param name="Error">The class of an error; null where there was none.</param>
[GenerateSerializer, Immutable, Alias("Sweeps.Answer")]
public sealed record Answer(
    [property: Id(0)] bool IsDone,
    [property: Id(1)] string? Message = null,
    [property: Id(2)] RejectionKind? Rejection = null,
    [property: Id(3)] ErrorKind? Error = null)
{
    /// <summary>The wish is fulfilled.</summary>
    public static Answer Done { get; } = new(true);

    /// <summary>What a decision said.</summary>
    public static Answer From(Rejection? rejection) => rejection switch
    {
        null or { Kind: RejectionKind.Duplicate } => Done,
        _ => new(false, rejection.Message, rejection.Kind),
    };

    /// <summary>An error that the user can act on.</summary>
    public static Answer From(SweepsException error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return new(false, error.Message, null, error.Kind);
    }

    /// <summary>Throws what went wrong, for callers that cannot go on without it.</summary>
    /// <exception cref="SweepsException">The wish was not fulfilled.</exception>
    public void ThrowIfNotDone()
    {
        if (!IsDone)
            throw new SweepsException(Error ?? ErrorKind.Sweep, Message ?? "The sweep refused without a reason.");
    }
}
