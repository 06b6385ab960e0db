using System.Runtime.CompilerServices;
using NixGen.Tests.Snapshots;

// In Verify's namespaces and with its shapes: once Verify.Xunit can be referenced, delete this file, and the tests stay as they
// are. Until now its core package could not be restored from the feed that this project builds with. Verify takes away the line
// break at a file's end, though, and this compares every byte; the first run with it tells which files are affected.

namespace VerifyXunit
{
    using VerifyTests;

    /// <summary>The part of Verify's API that the tests use, on <see cref="Snapshot"/>.</summary>
    public static class Verifier
    {
        /// <summary>
        /// Compares a text with <c>[source file].[method].verified.[extension]</c> beside the calling source file. Nothing is
        /// compared before the result is awaited or returned as a task.
        /// </summary>
        public static SettingsTask Verify(
            string target,
            string extension = "txt",
            [CallerFilePath] string sourceFile = "",
            [CallerMemberName] string method = "") =>
            new(file => Snapshot.VerifyFile(file, target), extension, sourceFile, method);

        /// <inheritdoc cref="Verify(string, string, string, string)"/>
        public static SettingsTask Verify(
            byte[] target, string extension, [CallerFilePath] string sourceFile = "", [CallerMemberName] string method = "") =>
            new(file => Snapshot.VerifyFile(file, target), extension, sourceFile, method);

        /// <summary>The same for a file, which gives the extension too.</summary>
        public static SettingsTask VerifyFile(
            string path, [CallerFilePath] string sourceFile = "", [CallerMemberName] string method = "") =>
            new(
                file => Snapshot.VerifyFile(file, File.ReadAllBytes(path)),
                Path.GetExtension(path).TrimStart('.'),
                sourceFile,
                method);
    }
}

namespace VerifyTests
{
    /// <summary>A comparison that is going to be made, and where its file is.</summary>
    public sealed class SettingsTask
    {
        private readonly Action<string> compare;
        private readonly string extension;
        private string directory;
        private string fileName;

        internal SettingsTask(Action<string> compare, string extension, string sourceFile, string method)
        {
            this.compare = compare;
            this.extension = extension;
            directory = Path.GetDirectoryName(sourceFile)!;
            fileName = $"{Path.GetFileNameWithoutExtension(sourceFile)}.{method}";
        }

        /// <summary>Another folder, full or relative to the calling source file.</summary>
        public SettingsTask UseDirectory(string directory)
        {
            this.directory = Path.GetFullPath(directory, this.directory);
            return this;
        }

        /// <summary>Another name, without extension.</summary>
        public SettingsTask UseFileName(string fileName)
        {
            this.fileName = fileName;
            return this;
        }

        /// <summary>A suffix that tells the cases of a theory apart: <c>[source file].[method]_[text]</c>.</summary>
        public SettingsTask UseTextForParameters(string text)
        {
            fileName += $"_{text}";
            return this;
        }

        public TaskAwaiter GetAwaiter() => ToTask().GetAwaiter();

        public Task ToTask()
        {
            try
            {
                compare(Path.Combine(directory, extension.Length == 0 ? fileName : $"{fileName}.{extension}"));
                return Task.CompletedTask;
            }
            catch (Exception exception)
            {
                return Task.FromException(exception);
            }
        }

        public static implicit operator Task(SettingsTask task) => task.ToTask();
    }
}
