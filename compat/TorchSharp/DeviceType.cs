namespace TorchSharp;

/// <summary>Kinds of devices, numbered as libtorch numbers them. Only the CPU is here.</summary>
public enum DeviceType
{
    CPU = 0,
    CUDA = 1,
    MPS = 13,
    META = 14,
}
