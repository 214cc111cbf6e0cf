namespace Sweeps.Training.Data.Csv;

/// <summary>The rows of one part while it is being built.</summary>
internal sealed record CsvRows(float[] Values, int[]? Labels, float[]? Targets, int Features)
{
    public DataPart ToPart() =>
        Labels is null ? DataPart.OfValues(Values, Targets!, Features) : DataPart.OfValues(Values, Labels, Features);
}
