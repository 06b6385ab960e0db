using System.Buffers;
using System.Text.Unicode;
using NixGen.Findings;

namespace NixGen.Inventory.Reading;

/// <summary>From the bytes of a file to its text: strict UTF-8, with or without a byte order mark.</summary>
internal static class SourceText
{
    /// <summary>In bytes.</summary>
    public const int MaxSize = 64 * 1024 * 1024;

    /// <summary>Returns null after a finding.</summary>
    public static string? Read(InventoryFile file, FindingList findings)
    {
        byte[] buffer = [];
        try
        {
            using var stream = new FileStream(file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0);
            var length = ReadAll(stream, ref buffer);
            if (length <= MaxSize)
                return Decode(buffer.AsSpan(0, length), new FileFindings(file.Name, findings));

            findings.Report(Codes.TooLarge, new SourceSpan(file.Name), "the file is larger than 64 MiB");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            findings.Report(Codes.CannotRead, new SourceSpan(file.Name), "the file is not there; a link may lead nowhere");
        }
        catch (UnauthorizedAccessException)
        {
            findings.Report(Codes.CannotRead, new SourceSpan(file.Name), "the file may not be read: permission denied");
        }
        catch (IOException e)
        {
            findings.Report(Codes.CannotRead, new SourceSpan(file.Name), $"the file cannot be read: {Reason(e)}");
        }
        finally
        {
            if (buffer.Length > 0)
                ArrayPool<byte>.Shared.Return(buffer);
        }

        return null;
    }

    /// <summary>Returns null after a finding.</summary>
    public static string? Decode(ReadOnlySpan<byte> bytes, FileFindings findings)
    {
        if (LooksLikeUtf16(bytes))
        {
            findings.Report(Codes.NotUtf8, new SourceSpan(findings.File, 1, 1), "the file is UTF-16 or UTF-32");
            return null;
        }

        if (bytes.StartsWith("\uFEFF"u8))
            bytes = bytes[3..];
        var chars = ArrayPool<char>.Shared.Rent(Math.Max(bytes.Length, 1)); // no byte makes more than one UTF-16 unit
        try
        {
            var status = Utf8.ToUtf16(bytes, chars, out var read, out var written, replaceInvalidSequences: false);
            ReadOnlySpan<char> text = chars.AsSpan(0, written);
            if (text.IndexOf('\0') is >= 0 and var nul)
            {
                findings.Report(Codes.NotUtf8, findings.At(text, nul), "a NUL byte", "Save the file as UTF-8 text; it may be no text at all.");
                return null;
            }

            if (status == OperationStatus.Done)
                return new string(text);

            findings.Report(Codes.NotUtf8, findings.At(text, written), $"the byte 0x{bytes[read]:X2} is not UTF-8 here");
            return null;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(chars);
        }
    }

    // Until the end, not until the length: pipes and /dev/stdin have none.
    private static int ReadAll(FileStream stream, ref byte[] buffer)
    {
        var expected = stream.CanSeek ? Math.Min(stream.Length, MaxSize) : 0;
        buffer = ArrayPool<byte>.Shared.Rent((int)expected + 4096);
        var length = 0;
        while (length <= MaxSize && stream.Read(buffer, length, buffer.Length - length) is > 0 and var read)
        {
            length += read;
            if (length == buffer.Length)
            {
                var larger = ArrayPool<byte>.Shared.Rent(2 * length);
                buffer.CopyTo(larger, 0);
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = larger;
            }
        }

        return length;
    }

    // "Input/output error : '/home/…'": the file has been named already, the way the user names it.
    private static string Reason(IOException e) => e.Message.Split(" : '")[0];

    // A byte order mark, or a first character of which one half is zero: YAML begins with ASCII.
    private static bool LooksLikeUtf16(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= 2 && (bytes[0], bytes[1]) is (0xFF, 0xFE) or (0xFE, 0xFF) or (0, not 0) or (not 0, 0)
        || bytes.StartsWith((ReadOnlySpan<byte>)[0, 0, 0xFE, 0xFF]);
}
