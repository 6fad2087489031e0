-- Tables and queries of Orleans' ADO.NET grain storage; Orleans knows the queries by their keys. Every query is one statement that
-- commits by itself. The primary key makes two first writes of one state exclude each other. A state without a key extension has an
-- empty one, since keys that are NULL would all be distinct.

CREATE TABLE IF NOT EXISTS OrleansQuery
(
  QueryKey text PRIMARY KEY,
  QueryText text NOT NULL
);

CREATE TABLE IF NOT EXISTS OrleansStorage
(
  GrainIdHash integer NOT NULL,
  GrainTypeHash integer NOT NULL,
  GrainIdN0 bigint NOT NULL,
  GrainIdN1 bigint NOT NULL,
  GrainTypeString text NOT NULL,
  GrainIdExtensionString text NOT NULL,
  ServiceId text NOT NULL,
  Version integer NOT NULL,
  ModifiedOn timestamptz NOT NULL,
  PayloadBinary bytea,
  PRIMARY KEY (GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainTypeString, GrainIdExtensionString, ServiceId)
);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
(
  'ReadFromStorageKey',
  'SELECT PayloadBinary, Version
   FROM OrleansStorage
   WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash
     AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
     AND GrainTypeString = @GrainTypeString
     AND GrainIdExtensionString = coalesce(@GrainIdExtensionString, '''')
     AND ServiceId = @ServiceId'
),
(
  -- No version: the state is new, and the insert does nothing if it exists. A version: only a row of that version is changed.
  -- The version that was given tells Orleans that nothing was.
  'WriteToStorageKey',
  'WITH updated AS
   (
     UPDATE OrleansStorage
     SET Version = Version + 1, ModifiedOn = now(), PayloadBinary = @PayloadBinary
     WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash
       AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
       AND GrainTypeString = @GrainTypeString
       AND GrainIdExtensionString = coalesce(@GrainIdExtensionString, '''')
       AND ServiceId = @ServiceId
       AND Version = @GrainStateVersion
     RETURNING Version
   ),
   inserted AS
   (
     INSERT INTO OrleansStorage
       (GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainTypeString, GrainIdExtensionString, ServiceId,
        Version, ModifiedOn, PayloadBinary)
     SELECT
       @GrainIdHash, @GrainTypeHash, @GrainIdN0, @GrainIdN1, @GrainTypeString, coalesce(@GrainIdExtensionString, ''''), @ServiceId,
       1, now(), @PayloadBinary
     WHERE @GrainStateVersion IS NULL
     ON CONFLICT DO NOTHING
     RETURNING Version
   )
   SELECT coalesce((SELECT Version FROM updated), (SELECT Version FROM inserted), @GrainStateVersion) AS NewGrainStateVersion'
),
(
  'ClearStorageKey',
  'WITH cleared AS
   (
     UPDATE OrleansStorage
     SET Version = Version + 1, ModifiedOn = now(), PayloadBinary = NULL
     WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash
       AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
       AND GrainTypeString = @GrainTypeString
       AND GrainIdExtensionString = coalesce(@GrainIdExtensionString, '''')
       AND ServiceId = @ServiceId
       AND Version = @GrainStateVersion
     RETURNING Version
   )
   SELECT coalesce((SELECT Version FROM cleared), @GrainStateVersion) AS NewGrainStateVersion'
),
(
  'DeleteStorageKey',
  'WITH deleted AS
   (
     DELETE FROM OrleansStorage
     WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash
       AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
       AND GrainTypeString = @GrainTypeString
       AND GrainIdExtensionString = coalesce(@GrainIdExtensionString, '''')
       AND ServiceId = @ServiceId
       AND Version = @GrainStateVersion
     RETURNING Version + 1 AS Version
   )
   SELECT coalesce((SELECT Version FROM deleted), @GrainStateVersion) AS NewGrainStateVersion'
)
ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText;
