namespace Orleans.Serialization;

/// <summary>A value of a type that cannot cross a grain boundary.</summary>
public class CodecNotFoundException : Exception
{
    public CodecNotFoundException(string message) : base(message)
    {
    }
}
