namespace Sweeps.Training.Native;

/// <summary>A place to work in for each member of a team, made when the member first needs it.</summary>
/// <typeparam name="T">The place.</typeparam>
/// <param name="create">Makes one.</param>
internal sealed class TeamPlaces<T>(Func<T> create) : IDisposable
    where T : class, IDisposable
{
    private readonly T?[] _places = new T?[ThreadTeam.Most];

    /// <summary>That of a member; asked for by the member alone.</summary>
    public T this[int member] => _places[member] ??= create();

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var place in _places)
            place?.Dispose();
    }
}
