using System.Reflection;
using Xunit.v3;

namespace OrleansKeeper.Tests.Interop.Servers;

/// <summary>Remembers that a test failed, so that the servers' logs stay for whoever looks into it.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class KeepLogsOnFailureAttribute : BeforeAfterTestAttribute
{
    public static bool AnyTestFailed { get; private set; }

    public override void After(MethodInfo methodUnderTest, IXunitTest test) =>
        AnyTestFailed |= TestContext.Current.TestState?.Result == TestResult.Failed;
}
