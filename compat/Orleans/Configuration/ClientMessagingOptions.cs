namespace Orleans.Configuration;

/// <summary>Calls made from a client process; without meaning where silo and client are one process.</summary>
public class ClientMessagingOptions : MessagingOptions;
