namespace Orleans.Configuration;

/// <summary>The name of the silo; unset, it is <c>Silo_</c> and five digits.</summary>
public class SiloOptions
{
    public string? SiloName { get; set; }
}
