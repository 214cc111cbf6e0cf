using System.Globalization;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Where a tensor's elements are.</summary>
    public class Device
    {
        public Device(string description)
        {
            var parts = description.Split(':');
            type = Enum.Parse<DeviceType>(parts[0].ToUpperInvariant());
            index = parts.Length == 2 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : -1;
        }

        public Device(string deviceType, int index = -1)
        {
            type = Enum.Parse<DeviceType>(deviceType.ToUpperInvariant());
            this.index = index;
        }

        public Device(DeviceType deviceType, int index = -1)
        {
            type = deviceType;
            this.index = index;
        }

        public DeviceType type { get; }

        public int index { get; }

        public override string ToString()
        {
            var name = type.ToString().ToLowerInvariant();
            return type == DeviceType.CPU || index == -1 ? name : $"{name}:{index}";
        }

        public static implicit operator Device(string description) => new(description);
    }

    public static readonly Device CPU = new(DeviceType.CPU);

    public static Device device(string description) => OnCpu(new Device(description));

    public static Device device(string deviceType, int index = -1) => OnCpu(new Device(deviceType, index));

    public static Device device(DeviceType deviceType, int index = -1) => OnCpu(new Device(deviceType, index));

    /// <summary>Always false: distributions' libtorch has no CUDA.</summary>
    public static bool cuda_is_available() => false;

    private static Device OnCpu(Device? device)
    {
        if (device is null || device.type == DeviceType.CPU) return device ?? CPU;
        throw new InvalidOperationException(
            $"Torch device type {device.type} did not initialise on the current machine: the system's libtorch has "
                + $"the CPU only.");
    }
}
