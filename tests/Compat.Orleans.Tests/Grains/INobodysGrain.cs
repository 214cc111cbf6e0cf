namespace Sweeps.Compat.Orleans.Tests.Grains;

/// <summary>Implemented by no class.</summary>
public interface INobodysGrain : IGrainWithStringKey;
