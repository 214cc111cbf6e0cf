namespace Orleans.Messaging;

/// <summary>Where a client process finds silos; never asked here.</summary>
public interface IGatewayListProvider
{
    TimeSpan MaxStaleness { get; }

    bool IsUpdatable { get; }

    Task InitializeGatewayListProvider();

    Task<IList<Uri>> GetGateways();
}
