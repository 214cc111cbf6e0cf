namespace Orleans;

/// <summary>A grain that is identified by a GUID.</summary>
public interface IGrainWithGuidKey : IGrain;
