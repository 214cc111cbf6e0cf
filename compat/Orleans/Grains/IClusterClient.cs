namespace Orleans;

/// <summary>Calls grains from outside them; a silo's services contain one.</summary>
public interface IClusterClient : IGrainFactory
{
    IServiceProvider ServiceProvider { get; }
}
