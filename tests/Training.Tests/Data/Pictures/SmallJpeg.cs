namespace Sweeps.Training.Tests.Data.Pictures;

/// <summary>Small JPEG files that PIL (libjpeg) wrote, or put together of such; PIL reads all of them.</summary>
internal static class SmallJpeg
{
    /// <summary>20x14 pixels in colour, chrominance halved, one scan of all colours.</summary>
    public static byte[] Baseline { get; } = Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7"
        + "gYKBTmCNl4x9lnN+gXz/2wBDARUXFx4aHjshITt8U0ZTfHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8"
        + "fHx8fHx8fHz/wAARCAAOABQDASIAAhEBAxEB/8QAFwAAAwEAAAAAAAAAAAAAAAAAAAUGBP/EABwQAAICAgMAAAAAAAAAAAAAAAAE"
        + "AgMSYSExQf/EABYBAQEBAAAAAAAAAAAAAAAAAAMEBf/EABoRAAICAwAAAAAAAAAAAAAAAAABAgQREhP/2gAMAwEAAhEDEQA/AJ+p"
        + "LRtqR0M6VYjClSOiSE9w61tieKHHQFLBOOPgD8jXV14P/9k=");

    /// <summary>The same pixels in several scans, each finer than the one before.</summary>
    public static byte[] Progressive { get; } = Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7"
        + "gYKBTmCNl4x9lnN+gXz/2wBDARUXFx4aHjshITt8U0ZTfHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8"
        + "fHx8fHx8fHz/wgARCAAOABQDASIAAhEBAxEB/8QAFwAAAwEAAAAAAAAAAAAAAAAAAAQFA//EABYBAQEBAAAAAAAAAAAAAAAAAAMC"
        + "BP/aAAwDAQACEAMQAAABn7NMDKZSE1//xAAXEAADAQAAAAAAAAAAAAAAAAAAAQIS/9oACAEBAAEFAlAoMCkUmD//xAAWEQEBAQAA"
        + "AAAAAAAAAAAAAAAAAxP/2gAIAQMBAT8BnVs//8QAFxEAAwEAAAAAAAAAAAAAAAAAAAEREv/aAAgBAgEBPwFOmT//xAAUEAEAAAAA"
        + "AAAAAAAAAAAAAAAg/9oACAEBAAY/Al//xAAXEAEBAQEAAAAAAAAAAAAAAAABABAR/9oACAEBAAE/IcEpxwOX/9oADAMBAAIAAwAA"
        + "ABBI3//EABYRAQEBAAAAAAAAAAAAAAAAAAEAEf/aAAgBAwEBPxB4eX//xAAUEQEAAAAAAAAAAAAAAAAAAAAQ/9oACAECAQE/ED//"
        + "xAAZEAACAwEAAAAAAAAAAAAAAAAAYRAhMVH/2gAIAQEAAT8QWKKcgJHIP//Z");

    /// <summary>Their luma.</summary>
    public static byte[] Grey { get; } = Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7"
        + "gYKBTmCNl4x9lnN+gXz/wAALCAAOABQBAREA/8QAFgABAQEAAAAAAAAAAAAAAAAABAUG/8QAHBAAAgICAwAAAAAAAAAAAAAAAAQC"
        + "AxJhITFB/9oACAEBAAA/AM/UlobUjoXFDjoRSrEoUqR0NgnHHw//2Q==");

    /// <summary>24x8 pixels, grey: three blocks, with a restart marker after each but the last.</summary>
    public static byte[] Restarts { get; } = Convert.FromBase64String(
        "/9j/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7gYKBTmCNl4x9lnN+gXz/wAAL"
        + "CAAIABgBAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEG"
        + "E1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4"
        + "eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6"
        + "/90ABAAB/9oACAEBAAA/ADbpVogZrmOQkEhYfnJx244H44r/0A6gFPk6TCG4H791Pp2U+nHJ9+K//9EAm1Nycm3sUH3C2AQOdz9u"
        + "2fQfqf/Z");

    /// <summary>8x8 pixels in colour, a scan for each colour.</summary>
    public static byte[] Scans { get; } = Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7"
        + "gYKBTmCNl4x9lnN+gXz/wAARCAAIAAgDAREAAhEAAxEA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgED"
        + "AwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdI"
        + "SUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW"
        + "19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/ADbpVogZrmOQkEhYfnJx244H44r/2gAIAQIAAD8ADqAU+TpMIbgfv3U+"
        + "nZT6ccn34r//2gAIAQMAAD8AAJtTcnJt7FB9wtgEDnc/btn0H6n/2Q==");

    /// <summary>16x8 pixels, grey: two blocks in several scans, each with a restart marker.</summary>
    public static byte[] ProgressiveRestarts { get; } = Convert.FromBase64String(
        "/9j/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7gYKBTmCNl4x9lnN+gXz/wgAL"
        + "CAAIABABAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAP/dAAQAAf/aAAgBAQAAAAF//9B//8QAFRABAQAAAAAAAAAAAAAAAAAAABP/"
        + "2gAIAQEAAQUCo//Qo//EABgQAAIDAAAAAAAAAAAAAAAAAAABAxGB/9oACAEBAAY/AqiWn//QqJaf/8QAGRAAAQUAAAAAAAAAAAAA"
        + "AAAAAAEhMWHB/9oACAEBAAE/IWT7ph//0GT7ph//2gAIAQEAAAAQf//Qf//EABoQAAICAwAAAAAAAAAAAAAAAAEhAFERQWH/2gAI"
        + "AQEAAT8QIFgIHq0VJnqn/9AgWAgerRUmeqf/2Q==");

    /// <summary>All of them.</summary>
    public static IReadOnlyDictionary<string, byte[]> All { get; } = new Dictionary<string, byte[]>
    {
        [nameof(Baseline)] = Baseline,
        [nameof(Progressive)] = Progressive,
        [nameof(Grey)] = Grey,
        [nameof(Restarts)] = Restarts,
        [nameof(Scans)] = Scans,
        [nameof(ProgressiveRestarts)] = ProgressiveRestarts,
    };
}
