using Sweeps.Client;
using Sweeps.Client.Terminal;

Console.SetOut(new VisibleWriter(Console.Out));
Console.SetError(new VisibleWriter(Console.Error));
return ProcessEnd.With(await CommandLine.RunAsync(args));
