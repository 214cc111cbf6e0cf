using Sweeps.Core.Specs.Source;
using Sweeps.Core.Specs.Space;

namespace Sweeps.Core.Specs.Reading;

/// <summary>A parameter and the place that later checks blame.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Node">What the file says of it.</param>
/// <param name="Path">Its path.</param>
internal sealed record ReadParameter(SearchedParameter Parameter, SourceNode Node, string Path)
{
    /// <summary>Where one branch is written.</summary>
    public SourceNode NodeOf(int branch) => Node is SourceList list && list.Items[branch] is SourceMap map ? map : Node;
}
