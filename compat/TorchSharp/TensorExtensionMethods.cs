using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Tensors of one element as .NET numbers.</summary>
public static class TensorExtensionMethods
{
    public static float ToSingle(this Tensor value) => (float)value.Item().AsDouble();

    public static double ToDouble(this Tensor value) => value.Item().AsDouble();

    public static sbyte ToSByte(this Tensor value) => checked((sbyte)value.Item().AsInteger());

    public static byte ToByte(this Tensor value) => checked((byte)value.Item().AsInteger());

    public static short ToInt16(this Tensor value) => checked((short)value.Item().AsInteger());

    public static int ToInt32(this Tensor value) => checked((int)value.Item().AsInteger());

    public static long ToInt64(this Tensor value) => value.Item().AsInteger();

    public static bool ToBoolean(this Tensor value) => value.Item().AsDouble() != 0;
}
