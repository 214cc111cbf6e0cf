namespace Orleans.Configuration;

/// <summary>Calls between grains.</summary>
public abstract class MessagingOptions
{
    /// <summary>How long a caller waits before a <see cref="TimeoutException"/>. Default: 30 s.</summary>
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether a timeout cancels the token of the method that was called. Default: no.</summary>
    public bool CancelRequestOnTimeout { get; set; }

    /// <summary>Whether a cancelled caller goes on waiting until the method has noticed. Default: no.</summary>
    public bool WaitForCancellationAcknowledgement { get; set; }

    /// <summary>Whether a call that nobody waits for any more is dropped before it starts. Default: yes.</summary>
    public bool DropExpiredMessages { get; set; } = true;
}
