using Sweeps.Client;
using Sweeps.Client.Terminal;

Console.SetOut(new VisibleWriter(Console.Out, isTerminal: !Console.IsOutputRedirected));
Console.SetError(new VisibleWriter(Console.Error, isTerminal: !Console.IsErrorRedirected));
return ProcessEnd.With(await CommandLine.RunAsync(args));
