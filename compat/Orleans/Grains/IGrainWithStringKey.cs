namespace Orleans;

/// <summary>A grain that is identified by a string.</summary>
public interface IGrainWithStringKey : IGrain;
