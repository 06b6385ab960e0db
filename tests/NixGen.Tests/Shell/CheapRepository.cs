using System.Security.Cryptography;
using System.Text;

namespace NixGen.Tests.Shell;

/// <summary>
/// A restic repository that opens in 10 ms instead of half a second. It was made by restic 0.19.1; then its master key was encrypted
/// anew, with scrypt's N = 2 instead of 32768. To restic it is a repository like any other.
/// </summary>
internal static class CheapRepository
{
    public const string Password = "correct";

    public const string Id = "3670f0d4745f37941007ed36ec7095b053b69b6d6fd73028f6a2f25ed4d3e3d0";

    private const string Key =
        """{"created":"2026-01-01T00:00:00Z","username":"root","hostname":"test","kdf":"scrypt","N":2,"r":1,"p":1,"salt":"q8D5RIkY2RKzIWjHnf/7+QJyEB43ZrU2WbOtedG7/F03MnbEy0RMzW88uc0PhdNIRAN1mjnyLrQ7HtQh4ynVrA==","data":"9rS4z4eQA2NmslurXS6vdjKP+9jxj7IZf6Zu7FpXbY913G1fy/uq5BCn795rZwtoSyP/7Ewdccu8fioOL8sr5Z9gPbPfmKdkzEQtQDwady3ucwswkQFsACRLmttuDQ+4qmz/nG77H9as85BfG/m5HrjiBucp/dyLWcr4LZ6F5Ta5v1B1flWO47ELtJ/l5p967cjFKYx4bZ3dMq1dMZBWbA=="}""";

    private const string Configuration =
        "/AlKFO/NIb1pJMe8aVdfwl0v7TEK/cy3q/+WGt4UYRQ+HygWFfVGjhmyXXz5HRk+tJXhgOt39k2vxVPCDW5MAw6AgnB1yERLaYmjHQd1HpIIsYdA3bDj/zu7KNYTdLKlEQ+DGmMz2uO6UgWmazdyWjgcQfMBiofnQW1fwVDFRNHBq6FcZHAcnYsVXSd1bSPoSm1af+ydlgP6RQY=";

    public static void Create(string path)
    {
        foreach (var folder in new[] { "data", "index", "keys", "locks", "snapshots" })
            Directory.CreateDirectory(Path.Combine(path, folder));
        var key = Encoding.ASCII.GetBytes(Key);
        File.WriteAllBytes(Path.Combine(path, "keys", Convert.ToHexStringLower(SHA256.HashData(key))), key);
        File.WriteAllBytes(Path.Combine(path, "config"), Convert.FromBase64String(Configuration));
    }
}
