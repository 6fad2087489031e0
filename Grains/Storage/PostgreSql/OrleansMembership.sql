-- Tables and queries of Orleans' ADO.NET clustering; Orleans knows the queries by their keys. Every change of the membership is one
-- statement that commits by itself and takes effect only while the table still has the version that its writer has read.

CREATE TABLE IF NOT EXISTS OrleansMembershipVersionTable
(
  DeploymentId text PRIMARY KEY,
  Timestamp timestamptz NOT NULL DEFAULT now(),
  Version integer NOT NULL DEFAULT 0
);

CREATE TABLE IF NOT EXISTS OrleansMembershipTable
(
  DeploymentId text NOT NULL REFERENCES OrleansMembershipVersionTable (DeploymentId),
  Address text NOT NULL,
  Port integer NOT NULL,
  Generation integer NOT NULL,
  SiloName text NOT NULL,
  HostName text NOT NULL,
  Status integer NOT NULL,
  ProxyPort integer NOT NULL,
  SuspectTimes text,
  StartTime timestamptz NOT NULL,
  IAmAliveTime timestamptz NOT NULL,
  PRIMARY KEY (DeploymentId, Address, Port, Generation)
);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
(
  'InsertMembershipVersionKey',
  'WITH inserted AS
   (
     INSERT INTO OrleansMembershipVersionTable (DeploymentId) VALUES (@DeploymentId) ON CONFLICT DO NOTHING RETURNING 1
   )
   SELECT count(*)::integer FROM inserted'
),
(
  'InsertMembershipKey',
  'WITH versioned AS
   (
     UPDATE OrleansMembershipVersionTable
     SET Timestamp = now(), Version = Version + 1
     WHERE DeploymentId = @DeploymentId AND Version = @Version
       AND NOT EXISTS
       (
         SELECT 1
         FROM OrleansMembershipTable
         WHERE DeploymentId = @DeploymentId AND Address = @Address AND Port = @Port AND Generation = @Generation
       )
     RETURNING 1
   ),
   inserted AS
   (
     INSERT INTO OrleansMembershipTable
       (DeploymentId, Address, Port, Generation, SiloName, HostName, Status, ProxyPort, StartTime, IAmAliveTime)
     SELECT @DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime
     FROM versioned
     RETURNING 1
   )
   SELECT count(*)::integer FROM inserted'
),
(
  'UpdateMembershipKey',
  'WITH versioned AS
   (
     UPDATE OrleansMembershipVersionTable
     SET Timestamp = now(), Version = Version + 1
     WHERE DeploymentId = @DeploymentId AND Version = @Version
       AND EXISTS
       (
         SELECT 1
         FROM OrleansMembershipTable
         WHERE DeploymentId = @DeploymentId AND Address = @Address AND Port = @Port AND Generation = @Generation
       )
     RETURNING 1
   ),
   updated AS
   (
     UPDATE OrleansMembershipTable
     SET Status = @Status, SuspectTimes = @SuspectTimes, IAmAliveTime = @IAmAliveTime
     FROM versioned
     WHERE DeploymentId = @DeploymentId AND Address = @Address AND Port = @Port AND Generation = @Generation
     RETURNING 1
   )
   SELECT count(*)::integer FROM updated'
),
(
  'UpdateIAmAlivetimeKey',
  'UPDATE OrleansMembershipTable
   SET IAmAliveTime = @IAmAliveTime
   WHERE DeploymentId = @DeploymentId AND Address = @Address AND Port = @Port AND Generation = @Generation'
),
(
  -- The version comes also when there is no such silo.
  'MembershipReadRowKey',
  'SELECT
     version.DeploymentId, member.Address, member.Port, member.Generation, member.SiloName, member.HostName, member.Status,
     member.ProxyPort, member.SuspectTimes, member.StartTime, member.IAmAliveTime, version.Version
   FROM OrleansMembershipVersionTable AS version
   LEFT JOIN OrleansMembershipTable AS member
     ON member.DeploymentId = version.DeploymentId
     AND member.Address = @Address AND member.Port = @Port AND member.Generation = @Generation
   WHERE version.DeploymentId = @DeploymentId'
),
(
  'MembershipReadAllKey',
  'SELECT
     version.DeploymentId, member.Address, member.Port, member.Generation, member.SiloName, member.HostName, member.Status,
     member.ProxyPort, member.SuspectTimes, member.StartTime, member.IAmAliveTime, version.Version
   FROM OrleansMembershipVersionTable AS version
   LEFT JOIN OrleansMembershipTable AS member ON member.DeploymentId = version.DeploymentId
   WHERE version.DeploymentId = @DeploymentId'
),
(
  'DeleteMembershipTableEntriesKey',
  'WITH members AS
   (
     DELETE FROM OrleansMembershipTable WHERE DeploymentId = @DeploymentId
   )
   DELETE FROM OrleansMembershipVersionTable WHERE DeploymentId = @DeploymentId'
),
(
  'GatewaysQueryKey',
  'SELECT Address, ProxyPort, Generation
   FROM OrleansMembershipTable
   WHERE DeploymentId = @DeploymentId AND Status = @Status AND ProxyPort > 0'
),
(
  -- Orleans uses the next one, which says more exactly what may go, where there is one; it requires this one all the same. 3: active.
  'CleanupDefunctSiloEntriesKey',
  'DELETE FROM OrleansMembershipTable
   WHERE DeploymentId = @DeploymentId AND IAmAliveTime < @IAmAliveTime AND Status <> 3'
),
(
  -- Removes a dead silo's row (6: dead) that is still as it was read.
  'CleanupDefunctSiloEntryKey',
  'DELETE FROM OrleansMembershipTable
   WHERE DeploymentId = @DeploymentId AND Address = @Address AND Port = @Port AND Generation = @Generation
     AND Status = 6 AND StartTime = @StartTime AND IAmAliveTime = @IAmAliveTime
     AND SuspectTimes IS NOT DISTINCT FROM @SuspectTimes'
)
ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText;
