using System.Text;
using OrleansKeeper.ClientSdk.Recipes.Counters;

namespace OrleansKeeper.Tests.Unit.Recipes.Counters;

/// <summary>A counter's data.</summary>
public sealed class CounterTextTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("0", 0)]
    [InlineData("-17", -17)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    public void NumberIsReadAndWritten(string text, long value)
    {
        Assert.Equal(value, CounterText.Parse("/counter", Encoding.ASCII.GetBytes(text)));
        if (text.Length > 0)
            Assert.Equal(text, Encoding.ASCII.GetString(CounterText.Format(value)));
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("many")]
    [InlineData("1 ")]
    [InlineData("9223372036854775808")]
    public void OtherDataIsAnErrorThatShowsIt(string text)
    {
        var exception = Assert.Throws<InvalidDataException>(() => CounterText.Parse("/counter", Encoding.ASCII.GetBytes(text)));

        Assert.Contains("/counter", exception.Message);
        Assert.Contains(text, exception.Message);
    }
}
