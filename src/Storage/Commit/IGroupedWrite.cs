namespace Sweeps.Storage;

/// <summary>A write that waits to share a transaction with others.</summary>
internal interface IGroupedWrite
{
    /// <summary>Rows it writes, for the bound on a transaction.</summary>
    int Rows { get; }

    /// <summary>Its caller no longer wants it.</summary>
    bool IsCancelled { get; }

    /// <summary>Answers the caller: the write is durable, or was refused for a reason of its own.</summary>
    void Complete();

    /// <summary>Answers the caller: the transaction failed.</summary>
    void Fail(Exception error);

    /// <summary>Answers the caller: not done, as wished.</summary>
    void Cancel();
}
