namespace Orleans;

/// <summary>Runs around every call to a grain of the silo, in the grain's turn.</summary>
public interface IIncomingGrainCallFilter
{
    Task Invoke(IIncomingGrainCallContext context);
}
