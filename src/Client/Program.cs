using Sweeps.Client;

return await CommandLine.RunAsync(args);
