using System.Reflection;
using Orleans.Runtime;

namespace Orleans.Silo;

/// <summary>Leads a call through the filters to its grain.</summary>
internal sealed class IncomingCall(Call call, object grain, Activation activation, IIncomingGrainCallFilter[] filters)
    : IIncomingGrainCallContext
{
    private int next;

    public object Grain => grain;

    public GrainId? SourceId => call.Source;

    public GrainId TargetId => call.Target;

    public string InterfaceName => InterfaceMethod.DeclaringType!.FullName!;

    public string MethodName => InterfaceMethod.Name;

    public MethodInfo InterfaceMethod => call.Method.Method;

    public MethodInfo ImplementationMethod
    {
        get
        {
            var map = grain.GetType().GetInterfaceMap(InterfaceMethod.DeclaringType!);
            return map.TargetMethods[Array.IndexOf(map.InterfaceMethods, InterfaceMethod)];
        }
    }

    public IGrainContext TargetContext => activation;

    public object? Result { get; set; }

    public async Task Invoke()
    {
        if (next < filters.Length)
        {
            await filters[next++].Invoke(this);
            return;
        }

        var task = call.Run(grain);
        await task;
        Result = call.ResultOf(task);
    }
}
