using System.Reflection;
using Orleans.Concurrency;
using Orleans.Serialization;

namespace Orleans.Silo;

/// <summary>What the runtime knows of a method of a grain interface.</summary>
internal sealed class CalledMethod
{
    private readonly ParameterInfo[] parameters;
    private readonly Func<object, object?[], object?> invoke;
    private readonly int cancellation;
    private readonly bool[] shared;
    private readonly Type? result;
    private bool? copiesArguments;
    private bool? copiesResult;

    public CalledMethod(MethodInfo method, Func<object, object?[], object?> invoke)
    {
        this.invoke = invoke;
        Method = method;
        Name = $"{method.DeclaringType!.FullName}.{method.Name}";
        parameters = method.GetParameters();
        cancellation = Array.FindIndex(parameters, parameter => parameter.ParameterType == typeof(CancellationToken));
        shared = Array.ConvertAll(parameters, parameter => parameter.IsDefined(typeof(ImmutableAttribute)));
        result = method.ReturnType.IsGenericType ? method.ReturnType.GetGenericArguments()[0] : null;
        AlwaysInterleaves = method.IsDefined(typeof(AlwaysInterleaveAttribute));
        IsReadOnly = method.IsDefined(typeof(ReadOnlyAttribute));
        IsOneWay = method.ReturnType == typeof(void) || method.IsDefined(typeof(OneWayAttribute));
        Timeout = method.GetCustomAttribute<ResponseTimeoutAttribute>()?.Timeout;
    }

    public string Name { get; }

    public MethodInfo Method { get; }

    public bool AlwaysInterleaves { get; }

    public bool IsReadOnly { get; }

    public bool IsOneWay { get; }

    public TimeSpan? Timeout { get; }

    public object? Invoke(object target, object?[] arguments) => invoke(target, arguments);

    public CancellationToken Cancellation(object?[] arguments) =>
        cancellation < 0 ? CancellationToken.None : (CancellationToken)arguments[cancellation]!;

    public void ReplaceCancellation(object?[] arguments, CancellationToken token) => arguments[cancellation] = token;

    /// <summary>Copies what caller and grain could both change.</summary>
    public void Isolate(object?[] arguments)
    {
        copiesArguments ??= parameters.Where((_, i) => !shared[i]).Any(p => !Isolation.IsShared(p.ParameterType));
        if (!copiesArguments.Value)
        {
            return;
        }

        for (var i = 0; i < arguments.Length; i++)
        {
            if (!shared[i])
            {
                arguments[i] = Isolation.Copy(arguments[i]);
            }
        }
    }

    public T IsolateResult<T>(T value)
    {
        copiesResult ??= result is not null && !Isolation.IsShared(result);
        return copiesResult.Value ? (T)Isolation.Copy(value)! : value;
    }
}
