using System.Reflection;
using Sweeps.Store.Contract;

namespace Sweeps.Silo.Tests;

/// <summary>A store in front of another one that waits before it releases an artifact.</summary>
public class HeldReleases : DispatchProxy
{
    private object _inner = null!;
    private Func<ArtifactKey, Task> _before = null!;

    /// <summary>Puts a wait in front of each release.</summary>
    internal static ISweepStore Before(ISweepStore inner, Func<ArtifactKey, Task> wait) => Around(inner, wait);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        ArgumentNullException.ThrowIfNull(targetMethod);
        if (targetMethod.Name == nameof(IArtifactStore.ReleaseAsync))
            return ReleaseAsync((IArtifactStore)_inner, (ArtifactKey)args![0]!, (int)args[1]!);
        var answer = targetMethod.Invoke(_inner, args);
        return answer is IArtifactStore artifacts ? Around(artifacts, _before) : answer;
    }

    private async Task ReleaseAsync(IArtifactStore artifacts, ArtifactKey key, int attempt)
    {
        await _before(key);
        await artifacts.ReleaseAsync(key, attempt);
    }

    private static T Around<T>(T inner, Func<ArtifactKey, Task> wait)
        where T : class
    {
        var proxy = Create<T, HeldReleases>();
        var held = (HeldReleases)(object)proxy;
        (held._inner, held._before) = (inner, wait);
        return proxy;
    }
}
