namespace System.Runtime.CompilerServices;

/// <summary>Known to the runtime by its name: an assembly written at run time may use another's internals.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    public string AssemblyName => assemblyName;
}
