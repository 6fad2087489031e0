-- The checkpoint: znodes and sessions as of the mark, some rows already as of the target.

-- One row, which every statement of a checkpoint locks: the writers of two epochs, or two attempts of one, come one after the other,
-- and whoever is not the writer any more finds that out. The writer is a number that an attempt chose.
CREATE TABLE IF NOT EXISTS checkpoint
(
  id integer PRIMARY KEY CHECK (id = 1),
  epoch integer NOT NULL,
  writer bigint NOT NULL,
  mark bigint NOT NULL,
  target bigint NOT NULL,
  znode_count bigint NOT NULL
) WITH (fillfactor = 10);

INSERT INTO checkpoint (id, epoch, writer, mark, target, znode_count) VALUES (1, 0, 0, 0, 0, 4) ON CONFLICT DO NOTHING;

-- Keyed so that the children of a znode are a range of the primary key. The root has an empty parent and an empty name. A text that
-- is too long for a key stands in long_parent or long_name, and what the key has instead begins with a character that no path has.
-- kind: 0 persistent, 1 ephemeral, 2 container, 3 TTL. acl: NULL when everybody may do everything. data: NULL is not empty.
CREATE TABLE IF NOT EXISTS znode
(
  parent text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  czxid bigint NOT NULL,
  mzxid bigint NOT NULL,
  pzxid bigint NOT NULL,
  zxid bigint NOT NULL,
  ctime bigint NOT NULL,
  mtime bigint NOT NULL,
  owner_or_ttl bigint NOT NULL,
  version integer NOT NULL,
  created_children integer NOT NULL,
  aversion integer NOT NULL,
  num_children integer NOT NULL,
  kind smallint NOT NULL,
  acl bytea,
  data bytea,
  long_parent text COLLATE "C",
  long_name text COLLATE "C",
  PRIMARY KEY (parent, name)
);

CREATE INDEX IF NOT EXISTS znode_ephemeral ON znode (owner_or_ttl) WHERE kind = 1;
CREATE INDEX IF NOT EXISTS znode_container ON znode (kind) WHERE kind IN (2, 3);

-- The znodes that every tree has. The configuration node may be read by everybody and changed by nobody; ZooKeeper gives it its list
-- by a setACL of its own, which leaves it with aversion -1.
INSERT INTO znode
  (parent, name, czxid, mzxid, pzxid, zxid, ctime, mtime, owner_or_ttl, version, created_children, aversion, num_children, kind, acl, data)
VALUES
  ('', '', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, NULL, ''),
  ('/', 'zookeeper', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, NULL, ''),
  ('/zookeeper', 'config', 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, 0, 0, '\x010106776f726c6407616e796f6e65', ''),
  ('/zookeeper', 'quota', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL, '')
ON CONFLICT DO NOTHING;

CREATE TABLE IF NOT EXISTS session
(
  id bigint PRIMARY KEY,
  password_hash bytea NOT NULL,
  timeout_milliseconds integer NOT NULL
);

-- Since version 2: which silo carries the session, by its name as a submitter; NULL when that is not known.
ALTER TABLE session ADD COLUMN IF NOT EXISTS owner text;
