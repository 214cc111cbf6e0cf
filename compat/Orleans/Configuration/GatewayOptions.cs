namespace Orleans.Configuration;

/// <summary>How a client process refreshes its list of gateways; without meaning in one process.</summary>
public class GatewayOptions
{
    public TimeSpan GatewayListRefreshPeriod { get; set; } = TimeSpan.FromMinutes(1);
}
