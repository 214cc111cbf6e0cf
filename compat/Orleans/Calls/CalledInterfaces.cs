using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Orleans.Runtime;

namespace Orleans.Silo;

/// <summary>
/// Writes the class that implements a grain interface by sending calls, once for each interface: a constructor, per
/// method one that packs its arguments, and per method a static one that unpacks them and calls the grain.
/// </summary>
internal static class CalledInterfaces
{
    private static readonly ConcurrentDictionary<Type, Lazy<CalledInterface>> Known = new();

    private static readonly ConstructorInfo BaseConstructor =
        typeof(GrainReference).GetConstructors(BindingFlags.Instance | BindingFlags.NonPublic)[0];

    public static CalledInterface Of(Type type) =>
        Known.GetOrAdd(type, static key => new Lazy<CalledInterface>(() => Build(key))).Value;

    private static CalledInterface Build(Type type)
    {
        if (!type.IsInterface || !typeof(IAddressable).IsAssignableFrom(type))
        {
            throw new ArgumentException($"{type} is not an interface of grains or observers.");
        }

        var methods = type.GetInterfaces().Prepend(type).SelectMany(one => one.GetMethods()).ToArray();
        foreach (var method in methods)
        {
            Check(method);
        }

        var assembly = AssemblyBuilder.DefineDynamicAssembly(
            new AssemblyName("Orleans.References." + type.FullName), AssemblyBuilderAccess.Run);
        OpenInternals(assembly, type, methods);
        var builder = assembly.DefineDynamicModule("References").DefineType(
            type.Name + "Reference", TypeAttributes.Sealed | TypeAttributes.Class, typeof(GrainReference), [type]);
        DefineCreate(builder, DefineConstructor(builder));
        for (var i = 0; i < methods.Length; i++)
        {
            DefineSend(builder, methods[i], i);
            DefineInvoke(builder, methods[i], i);
        }

        var built = builder.CreateType();
        return new CalledInterface(type, [.. methods.Select((method, i) => new CalledMethod(
            method, Static<Func<object, object?[], object?>>(built, "Invoke" + i)))])
        {
            Create = Static<Func<SiloRuntime, CalledInterface, GrainId, GrainReference>>(built, "Create"),
        };
    }

    private static T Static<T>(Type type, string name) where T : Delegate =>
        type.GetMethod(name, BindingFlags.Static | BindingFlags.Public)!.CreateDelegate<T>();

    private static void Check(MethodInfo method)
    {
        var name = $"{method.DeclaringType!.FullName}.{method.Name}";
        if (method.IsGenericMethodDefinition || method.GetParameters().Any(one => one.ParameterType.IsByRef))
        {
            throw new NotSupportedException($"{name}: generic methods and by-reference parameters are not supported.");
        }

        var result = method.ReturnType;
        var isVoid = result == typeof(void) && typeof(IGrainObserver).IsAssignableFrom(method.DeclaringType);
        if (!isVoid && SenderName(result) is null)
        {
            throw new NotSupportedException(
                $"{name} returns {result}: a grain's methods return Task, ValueTask, or one of them with a result.");
        }
    }

    // The interfaces, their parameters and the base class may be internal to their assemblies.
    private static void OpenInternals(AssemblyBuilder assembly, Type type, MethodInfo[] methods)
    {
        var attribute = typeof(IgnoresAccessChecksToAttribute).GetConstructors()[0];
        var types = methods
            .SelectMany(method => method.GetParameters().Select(one => one.ParameterType).Append(method.ReturnType))
            .SelectMany(one => one.GetGenericArguments().Append(one))
            .Concat(type.GetInterfaces())
            .Append(type)
            .Append(typeof(GrainReference));
        foreach (var name in types.Select(one => one.Assembly.GetName().Name).Distinct())
        {
            assembly.SetCustomAttribute(new CustomAttributeBuilder(attribute, [name]));
        }
    }

    private static ConstructorBuilder DefineConstructor(TypeBuilder builder)
    {
        var parameters = Array.ConvertAll(BaseConstructor.GetParameters(), one => one.ParameterType);
        var constructor = builder.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, parameters);
        var code = constructor.GetILGenerator();
        for (var i = 0; i <= parameters.Length; i++)
        {
            code.Emit(OpCodes.Ldarg, i);
        }

        code.Emit(OpCodes.Call, BaseConstructor);
        code.Emit(OpCodes.Ret);
        return constructor;
    }

    private static void DefineCreate(TypeBuilder builder, ConstructorBuilder constructor)
    {
        var method = builder.DefineMethod(
            "Create",
            MethodAttributes.Public | MethodAttributes.Static,
            typeof(GrainReference),
            [typeof(SiloRuntime), typeof(CalledInterface), typeof(GrainId)]);
        var code = method.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Ldarg_2);
        code.Emit(OpCodes.Newobj, constructor);
        code.Emit(OpCodes.Ret);
    }

    private static void DefineSend(TypeBuilder builder, MethodInfo method, int index)
    {
        var parameters = Array.ConvertAll(method.GetParameters(), one => one.ParameterType);
        var definition = builder.DefineMethod(
            $"{method.DeclaringType!.FullName}.{method.Name}",
            MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.NewSlot,
            method.ReturnType,
            parameters);
        var code = definition.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldc_I4, index);
        code.Emit(OpCodes.Ldc_I4, parameters.Length);
        code.Emit(OpCodes.Newarr, typeof(object));
        for (var i = 0; i < parameters.Length; i++)
        {
            code.Emit(OpCodes.Dup);
            code.Emit(OpCodes.Ldc_I4, i);
            code.Emit(OpCodes.Ldarg, i + 1);
            code.Emit(OpCodes.Box, parameters[i]);
            code.Emit(OpCodes.Stelem_Ref);
        }

        code.Emit(OpCodes.Call, Sender(method.ReturnType));
        code.Emit(OpCodes.Ret);
        builder.DefineMethodOverride(definition, method);
    }

    private static void DefineInvoke(TypeBuilder builder, MethodInfo method, int index)
    {
        var definition = builder.DefineMethod(
            "Invoke" + index,
            MethodAttributes.Public | MethodAttributes.Static,
            typeof(object),
            [typeof(object), typeof(object?[])]);
        var code = definition.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Castclass, method.DeclaringType!);
        var parameters = method.GetParameters();
        for (var i = 0; i < parameters.Length; i++)
        {
            code.Emit(OpCodes.Ldarg_1);
            code.Emit(OpCodes.Ldc_I4, i);
            code.Emit(OpCodes.Ldelem_Ref);
            code.Emit(OpCodes.Unbox_Any, parameters[i].ParameterType);
        }

        code.Emit(OpCodes.Callvirt, method);
        if (method.ReturnType == typeof(void))
        {
            code.Emit(OpCodes.Ldnull);
        }
        else
        {
            code.Emit(OpCodes.Box, method.ReturnType);
        }

        code.Emit(OpCodes.Ret);
    }

    private static string? SenderName(Type result)
    {
        var definition = result.IsGenericType ? result.GetGenericTypeDefinition() : result;
        return definition == typeof(Task) ? nameof(GrainReference.InvokeTask)
            : definition == typeof(Task<>) ? nameof(GrainReference.InvokeTaskOf)
            : definition == typeof(ValueTask) ? nameof(GrainReference.InvokeValueTask)
            : definition == typeof(ValueTask<>) ? nameof(GrainReference.InvokeValueTaskOf)
            : null;
    }

    private static MethodInfo Sender(Type result)
    {
        var name = SenderName(result) ?? nameof(GrainReference.InvokeVoid);
        var sender = typeof(GrainReference).GetMethod(name, BindingFlags.Instance | BindingFlags.NonPublic)!;
        return result.IsGenericType ? sender.MakeGenericMethod(result.GetGenericArguments()) : sender;
    }
}
