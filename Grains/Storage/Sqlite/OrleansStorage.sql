-- Tables and queries of Orleans' ADO.NET grain storage. Every query changes the database in one statement that commits by itself:
-- one that fails, or waits too long for a lock, leaves no transaction open on its connection. The primary key makes two first writes
-- of one state exclude each other. A state without a key extension has an empty one, since keys that are NULL would all be distinct.

CREATE TABLE IF NOT EXISTS schema_version
(
  id INTEGER PRIMARY KEY CHECK (id = 1),
  version INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS OrleansQuery
(
  QueryKey TEXT PRIMARY KEY,
  QueryText TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS OrleansStorage
(
  GrainIdHash INTEGER NOT NULL,
  GrainTypeHash INTEGER NOT NULL,
  GrainIdN0 INTEGER NOT NULL,
  GrainIdN1 INTEGER NOT NULL,
  GrainTypeString TEXT NOT NULL,
  GrainIdExtensionString TEXT NOT NULL,
  ServiceId TEXT NOT NULL,
  Version INTEGER NOT NULL,
  ModifiedOn TEXT NOT NULL,
  PayloadBinary BLOB,
  PRIMARY KEY (GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainTypeString, GrainIdExtensionString, ServiceId)
) WITHOUT ROWID;

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
  -- The second statement reports the version that a write leaves; the version that was given tells Orleans that it changed nothing.
  'WriteToStorageKey',
  'INSERT INTO OrleansStorage
     (GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainTypeString, GrainIdExtensionString, ServiceId, Version, ModifiedOn, PayloadBinary)
   SELECT
     @GrainIdHash, @GrainTypeHash, @GrainIdN0, @GrainIdN1, @GrainTypeString, coalesce(@GrainIdExtensionString, ''''), @ServiceId,
     1, datetime(), @PayloadBinary
   WHERE @GrainStateVersion IS NULL OR EXISTS
   (
     SELECT 1
     FROM OrleansStorage
     WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash
       AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
       AND GrainTypeString = @GrainTypeString
       AND GrainIdExtensionString = coalesce(@GrainIdExtensionString, '''')
       AND ServiceId = @ServiceId
   )
   ON CONFLICT DO UPDATE
   SET Version = Version + 1, ModifiedOn = excluded.ModifiedOn, PayloadBinary = excluded.PayloadBinary
   WHERE Version = @GrainStateVersion;
   SELECT iif(changes() > 0, coalesce(@GrainStateVersion, 0) + 1, @GrainStateVersion) AS NewGrainStateVersion'
),
(
  'ClearStorageKey',
  'UPDATE OrleansStorage
   SET Version = Version + 1, ModifiedOn = datetime(), PayloadBinary = NULL
   WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash
     AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
     AND GrainTypeString = @GrainTypeString
     AND GrainIdExtensionString = coalesce(@GrainIdExtensionString, '''')
     AND ServiceId = @ServiceId
     AND Version = @GrainStateVersion;
   SELECT iif(changes() > 0, @GrainStateVersion + 1, @GrainStateVersion) AS NewGrainStateVersion'
),
(
  'DeleteStorageKey',
  'DELETE FROM OrleansStorage
   WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash
     AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
     AND GrainTypeString = @GrainTypeString
     AND GrainIdExtensionString = coalesce(@GrainIdExtensionString, '''')
     AND ServiceId = @ServiceId
     AND Version = @GrainStateVersion;
   SELECT iif(changes() > 0, @GrainStateVersion + 1, @GrainStateVersion) AS NewGrainStateVersion'
)
ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText;
