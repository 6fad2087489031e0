-- The checkpoint: znodes and sessions as of the mark in the ledger, some rows already as of the target.

CREATE TABLE IF NOT EXISTS schema_version
(
  id INTEGER PRIMARY KEY CHECK (id = 1),
  version INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS ledger
(
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) WITHOUT ROWID;

INSERT INTO ledger (name, value) VALUES ('epoch', 0), ('mark', 0), ('target', 0), ('znode_count', 4) ON CONFLICT DO NOTHING;

-- Keyed so that the children of a znode are a range of the primary key. The root has an empty parent and an empty name.
-- kind: 0 persistent, 1 ephemeral, 2 container, 3 TTL. acl: NULL when everybody may do everything. data: NULL is not empty.
CREATE TABLE IF NOT EXISTS znode
(
  parent TEXT NOT NULL,
  name TEXT NOT NULL,
  czxid INTEGER NOT NULL,
  mzxid INTEGER NOT NULL,
  pzxid INTEGER NOT NULL,
  zxid INTEGER NOT NULL,
  ctime INTEGER NOT NULL,
  mtime INTEGER NOT NULL,
  version INTEGER NOT NULL,
  created_children INTEGER NOT NULL,
  aversion INTEGER NOT NULL,
  num_children INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  owner_or_ttl INTEGER NOT NULL,
  acl BLOB,
  data BLOB,
  PRIMARY KEY (parent, name)
) WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS znode_ephemeral ON znode (owner_or_ttl) WHERE kind = 1;
CREATE INDEX IF NOT EXISTS znode_container ON znode (kind) WHERE kind IN (2, 3);

-- The znodes that every tree has. The configuration node may be read by everybody and changed by nobody; ZooKeeper gives it its list
-- by a setACL of its own, which leaves it with aversion -1.
INSERT INTO znode
  (parent, name, czxid, mzxid, pzxid, zxid, ctime, mtime, version, created_children, aversion, num_children, kind, owner_or_ttl, acl, data)
VALUES
  ('', '', 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, NULL, x''),
  ('/', 'zookeeper', 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, NULL, x''),
  ('/zookeeper', 'config', 0, 0, 0, 0, 0, 0, 0, 0, -1, 0, 0, 0, x'010106776f726c6407616e796f6e65', x''),
  ('/zookeeper', 'quota', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL, x'')
ON CONFLICT DO NOTHING;

CREATE TABLE IF NOT EXISTS session
(
  id INTEGER PRIMARY KEY,
  password_hash BLOB NOT NULL,
  timeout_milliseconds INTEGER NOT NULL
);
