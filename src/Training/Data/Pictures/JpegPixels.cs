using System.Runtime.InteropServices;
using StbImageSharp;

namespace Sweeps.Training.Data.Pictures;

/// <summary>
/// JPEG files (ITU-T T.81). Where one ends too early or lacks a scan, the decoder returns memory that nobody wrote. So
/// the structure is read to its end before, and the blocks that are decoded are counted: only where all of them were,
/// each pixel comes from the file.
/// </summary>
internal sealed class JpegPixels
{
    private const int Filling = 0xFF;
    private const int HuffmanTables = 0xC4;
    private const int FirstRestart = 0xD0;
    private const int LastRestart = 0xD7;
    private const int StartOfImage = 0xD8;
    private const int EndOfImage = 0xD9;
    private const int StartOfScan = 0xDA;
    private const int QuantizationTables = 0xDB;
    private const int RestartInterval = 0xDD;

    private const int BlockSide = 8;
    private const int SamplingMax = 4;

    // Tables are known by their class, 0 and 1 as in the file, 2 for quantization, in the upper four bits.
    private const int AcTable = 0x10;
    private const int QuantizationTable = 0x20;

    private readonly Stream _file;
    private readonly HashSet<int> _tables = [];
    private readonly List<Component> _components = [];
    private int _width, _height, _restartInterval;
    private bool _isProgressive;
    private long _blocks;

    private JpegPixels(Stream file)
    {
        _file = file;
        _file.Position = 0;
    }

    /// <summary>Whether a file begins as a JPEG does.</summary>
    public static bool Is(Stream file)
    {
        file.Position = 0;
        var value = file.ReadByte();
        var isMarked = value == Filling;
        while (value == Filling)
            value = file.ReadByte();
        return isMarked && value == StartOfImage;
    }

    /// <summary>Reads as far as the size; the decoder may search for it for ever.</summary>
    /// <exception cref="PictureException">The file ends before, or is of a kind that is not read.</exception>
    public static void CheckHeader(Stream file) => new JpegPixels(file).ReadHeader();

    /// <summary>Red, green, blue and opacity of each pixel.</summary>
    /// <exception cref="PictureException">The file is damaged.</exception>
    public static unsafe ImageResult Decode(byte[] bytes)
    {
        var blocks = new JpegPixels(new MemoryStream(bytes)).CountBlocks();
        var jpeg = new StbImage.stbi__jpeg { s = new(new MemoryStream(bytes)) };
        StbImage.stbi__setup_jpeg(jpeg);
        var (transform, decoded) = (jpeg.idct_block_kernel, 0L);
        jpeg.idct_block_kernel = (pixels, stride, coefficients) =>
        {
            decoded++;
            transform(pixels, stride, coefficients);
        };
        int width, height, channels;
        var rgba = StbImage.load_jpeg_image(jpeg, &width, &height, &channels, (int)ColorComponents.RedGreenBlueAlpha);
        try
        {
            if (rgba == null || decoded != blocks)
                throw PictureException.Damaged("its pixels cannot be decoded");
            return new()
            {
                Width = width,
                Height = height,
                SourceComp = (ColorComponents)channels,
                Data = new ReadOnlySpan<byte>(rgba, checked(width * height * (int)ColorComponents.RedGreenBlueAlpha))
                    .ToArray(),
            };
        }
        finally
        {
            Marshal.FreeHGlobal((nint)rgba);
        }
    }

    /// <summary>Reads to the end of the image; what comes after it is nobody's.</summary>
    /// <returns>The blocks of 8x8 samples that a decoder makes of it.</returns>
    private long CountBlocks()
    {
        ReadHeader();
        for (int marker; (marker = ReadMarker()) != EndOfImage;)
            ReadSegment(marker);
        if (_components.Exists(component => !component.IsBegun))
            throw PictureException.Damaged("a scan of its colours is missing");
        return _isProgressive ? _components.Sum(BlocksOf) : _blocks;
    }

    private void ReadHeader()
    {
        ReadMarker();
        while (_components.Count == 0)
            ReadSegment(ReadMarker());
    }

    private int ReadMarker()
    {
        var value = ReadByte();
        // The decoder passes over what stands between segments before the frame alone.
        while (value != Filling && _components.Count == 0)
            value = ReadByte();
        if (value != Filling)
            throw PictureException.Damaged("a marker is missing");
        while (value == Filling)
            value = ReadByte();
        return value;
    }

    private void ReadSegment(int marker)
    {
        var end = _file.Position + ReadWord();
        if (end > _file.Length)
            throw PictureException.CutOff();
        switch (marker)
        {
            case 0xC0 or 0xC1 or 0xC2 when _components.Count == 0:
                _isProgressive = marker == 0xC2;
                ReadFrame();
                break;
            case HuffmanTables or QuantizationTables:
                ReadTables(end, marker == HuffmanTables);
                break;
            case RestartInterval:
                _restartInterval = ReadWord();
                break;
            case StartOfScan when _components.Count > 0:
                ReadScan(end);
                return;
            // Of programs, comments, and the number of lines once more.
            case (>= 0xE0 and <= 0xEF) or 0xFE or 0xDC:
                _file.Position = Math.Max(_file.Position, end);
                break;
            case (>= 0xC0 and <= 0xCF) or 0xDE or 0xF7:
                throw Unread();
            default:
                throw PictureException.Damaged($"a marker {marker:X2} where none may be");
        }

        if (_file.Position != end)
            throw PictureException.Damaged($"the length of its segment {marker:X2} is wrong");
    }

    private void ReadFrame()
    {
        var depth = ReadByte();
        (_height, _width) = (ReadWord(), ReadWord());
        var count = ReadByte();
        if (depth != 8 || _height == 0 || count is not (1 or 3 or 4))
            throw Unread();
        for (var i = 0; i < count; i++)
        {
            var (id, sampling, table) = (ReadByte(), ReadByte(), ReadByte());
            Component component = new(id, sampling >> 4, sampling & 15, table);
            if (component.Across is < 1 or > SamplingMax || component.Down is < 1 or > SamplingMax)
                throw PictureException.Damaged("its colours have no samples");
            _components.Add(component);
        }
    }

    private void ReadTables(long end, bool isHuffman)
    {
        while (_file.Position < end)
        {
            var head = ReadByte();
            var length = isHuffman ? 0 : BlockSide * BlockSide * ((head >> 4) + 1);
            for (var i = 0; isHuffman && i < 16; i++)
                length += ReadByte();
            _tables.Add(isHuffman ? head : QuantizationTable | (head & 15));
            _file.Position += length;
        }
    }

    private void ReadScan(long end)
    {
        var parts = new (Component Component, int Tables)[ReadByte()];
        for (var i = 0; i < parts.Length; i++)
        {
            var id = ReadByte();
            var component = _components.Find(component => component.Id == id)
                ?? throw PictureException.Damaged("a scan of a colour that it has not");
            parts[i] = (component, ReadByte());
        }

        var (first, _, steps) = (ReadByte(), ReadByte(), ReadByte());
        if (_file.Position != end || parts.Length == 0)
            throw PictureException.Damaged("the length of a scan's header is wrong");
        foreach (var (component, tables) in parts)
            Begin(component, tables, isDc: first == 0, isFirst: steps >> 4 == 0);
        var units = parts.Length == 1
            ? BlocksOf(parts[0].Component)
            : Parts(_width, BlockSide * Widest) * Parts(_height, BlockSide * Highest);
        _blocks += units
            * (parts.Length == 1 ? 1 : parts.Sum(part => part.Component.Across * part.Component.Down));
        var wanted = _restartInterval == 0 ? 1 : Parts(units, _restartInterval);
        if (ReadPieces() != wanted)
            throw PictureException.Damaged("restart markers are missing, or there are too many");
    }

    /// <summary>The first scan of a colour's means sets all of its coefficients; those after it improve them.</summary>
    private void Begin(Component component, int tables, bool isDc, bool isFirst)
    {
        component.IsBegun |= !_isProgressive || (isDc && isFirst);
        if (!component.IsBegun)
            throw PictureException.Damaged("a scan of its colours is missing");
        var needsDc = !_isProgressive || (isDc && isFirst);
        var needsAc = !_isProgressive || !isDc;
        if ((needsDc && !_tables.Contains(tables >> 4))
            || (needsAc && !_tables.Contains(AcTable | (tables & 15)))
            || !_tables.Contains(QuantizationTable | component.Table))
            throw PictureException.Damaged("a table for its pixels is missing");
    }

    /// <summary>Reads the coded data up to a marker that is none of a restart.</summary>
    /// <returns>The pieces that restarts divide it into.</returns>
    private int ReadPieces()
    {
        var (pieces, hasData) = (0, false);
        for (var value = 0; value is 0 or (>= FirstRestart and <= LastRestart);)
        {
            while ((value = ReadByte()) != Filling)
                hasData = true;
            while (value == Filling)
                value = ReadByte();
            hasData |= value == 0;
            if (value == 0 || !hasData)
                continue;
            (pieces, hasData) = (pieces + 1, false);
        }

        _file.Position -= 2;
        return pieces;
    }

    private int Widest => _components.Max(component => component.Across);

    private int Highest => _components.Max(component => component.Down);

    private long BlocksOf(Component component) =>
        Parts(Parts((long)_width * component.Across, Widest), BlockSide)
        * Parts(Parts((long)_height * component.Down, Highest), BlockSide);

    private static long Parts(long whole, long part) => (whole + part - 1) / part;

    private int ReadWord() => (ReadByte() << 8) | ReadByte();

    private int ReadByte() => _file.ReadByte() is >= 0 and var value ? value : throw PictureException.CutOff();

    private static PictureException Unread() =>
        new("it is a JPEG of a kind that is not read; save it as baseline or progressive, with 8 bits a colour");

    private sealed record Component(int Id, int Across, int Down, int Table)
    {
        /// <summary>Whether a scan has set its blocks.</summary>
        public bool IsBegun { get; set; }
    }
}
