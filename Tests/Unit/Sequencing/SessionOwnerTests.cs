using OrleansKeeper.Protocol;

namespace OrleansKeeper.Tests.Unit.Sequencing;

/// <summary>R5: once a session has moved to another silo, nothing takes effect that was still on its way by the one before.</summary>
public sealed class SessionOwnerTests
{
    private readonly ValidationFixture _fixture = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void R5_RequestsByWayOfTheSiloBeforeAreRefused(bool isApplied)
    {
        Assert.Equal(ErrorCode.Ok, _fixture.Create("/before").Error);
        _fixture.Submitter = "other";
        Assert.Equal(ErrorCode.SessionMoved, _fixture.Create("/early").Error);
        Assert.Equal(ErrorCode.Ok, _fixture.Attach(ValidationFixture.Session).Error);
        if (isApplied)
            _fixture.Apply();

        _fixture.Submitter = "test";
        Assert.Equal(ErrorCode.SessionMoved, _fixture.Create("/late").Error);
        Assert.Equal(ErrorCode.SessionMoved, _fixture.Multi().Error);
        Assert.Equal(ErrorCode.Ok, _fixture.Create("/another", session: ValidationFixture.OtherSession).Error);
        Assert.Equal(ErrorCode.Ok, _fixture.Create("/nobody", session: ValidationFixture.NoSession).Error);
        _fixture.Submitter = "other";
        Assert.Equal(ErrorCode.Ok, _fixture.Create("/now").Error);
    }

    [Fact]
    public void SessionComesBackToWhereItWas()
    {
        _fixture.Submitter = "other";
        _fixture.Attach(ValidationFixture.Session);
        _fixture.Submitter = "test";
        _fixture.Attach(ValidationFixture.Session);
        Assert.Equal(ErrorCode.Ok, _fixture.Create("/back").Error);
    }

    /// <summary>An attempt that hung, and that the client has given up, comes behind the one with which it went on.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AttemptThatKnowsAnOlderOwnerIsRefused(bool isApplied)
    {
        _fixture.Submitter = "other";
        Assert.Equal(ErrorCode.Ok, _fixture.Attach(ValidationFixture.Session, knownOwner: "test").Error);
        if (isApplied)
            _fixture.Apply();

        _fixture.Submitter = "late";
        Assert.Equal(ErrorCode.SessionMoved, _fixture.Attach(ValidationFixture.Session, knownOwner: "test").Error);
        _fixture.Submitter = "other";
        Assert.Equal(ErrorCode.Ok, _fixture.Create("/now").Error);
    }

    [Fact]
    public void SessionThatIsNotOpenCannotBeAttachedTo()
    {
        Assert.Equal(ErrorCode.SessionExpired, _fixture.Attach(ValidationFixture.ClosedSession).Error);
        _fixture.Close(ValidationFixture.Session);
        Assert.Equal(ErrorCode.SessionExpired, _fixture.Attach(ValidationFixture.Session).Error);
    }

    /// <summary>Its grain may be on any silo.</summary>
    [Fact]
    public void ExpiredSessionIsClosedByAnySilo()
    {
        _fixture.Submitter = "other";
        Assert.Equal(ErrorCode.Ok, _fixture.Close(ValidationFixture.Session).Error);
    }
}
