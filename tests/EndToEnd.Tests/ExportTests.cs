using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Sweeps.Tests;
using Sweeps.Tests.Shared;

namespace Sweeps.EndToEnd.Tests;

/// <summary>Metrics and traces of a real run, where OpenTelemetry's own variables say to.</summary>
[Trait("Speed", "slow")]
public sealed class ExportTests
{
    [Fact]
    public async Task Run_WithACollectorsAddress_SendsItMetricsAndTraces()
    {
        using var folder = new TemporaryFolder();
        var port = FreePort.Next();
        using var collector = new HttpListener { Prefixes = { $"http://127.0.0.1:{port}/" } };
        collector.Start();
        var sent = new ConcurrentDictionary<string, string>();
        var collecting = CollectAsync(collector, sent);

        using (var run = SweepsProcess.Start(
            folder.Path,
            new Dictionary<string, string>
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{port}",
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            },
            "run", RepositoryRoot.Combine("examples", "digits.yaml"), "--set", "epochs=1"))
        {
            var (code, _, error) = await run.EndAsync();
            Assert.True(code == 0, error);
        }

        collector.Stop();
        await collecting;
        Assert.All(
            (string[])["submit", "attempt", "sweeps.trial", "digits"],
            word => Assert.Contains(word, sent["/v1/traces"], StringComparison.Ordinal));
        Assert.Contains("sweeps.images", sent["/v1/metrics"], StringComparison.Ordinal);
        Assert.DoesNotContain("digits", sent["/v1/metrics"], StringComparison.Ordinal);
    }

    private static async Task CollectAsync(HttpListener collector, ConcurrentDictionary<string, string> sent)
    {
        try
        {
            while (true)
            {
                var context = await collector.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                var text = Encoding.Latin1.GetString(body.ToArray());
                sent.AddOrUpdate(context.Request.Url!.AbsolutePath, text, (_, before) => before + text);
                context.Response.ContentType = "application/x-protobuf";
                context.Response.Close();
            }
        }
        catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
        {
            // The test has ended it.
        }
    }
}
