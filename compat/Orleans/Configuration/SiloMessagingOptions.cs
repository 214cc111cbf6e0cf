namespace Orleans.Configuration;

/// <summary>Calls made from a silo.</summary>
public class SiloMessagingOptions : MessagingOptions;
