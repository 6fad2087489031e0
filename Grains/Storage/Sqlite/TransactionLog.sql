-- The transaction log: its truth is the rows of transaction_log, in the order of their zxids.

CREATE TABLE IF NOT EXISTS schema_version
(
  id INTEGER PRIMARY KEY CHECK (id = 1),
  version INTEGER NOT NULL
);

-- Who may append. The last zxid is that of the last row of transaction_log; as long as there is none, it is trimmed_zxid.
CREATE TABLE IF NOT EXISTS ledger
(
  id INTEGER PRIMARY KEY CHECK (id = 1),
  epoch INTEGER NOT NULL,
  holder TEXT NOT NULL,
  trimmed_zxid INTEGER NOT NULL
);

INSERT INTO ledger (id, epoch, holder, trimmed_zxid) VALUES (1, 0, '', 0) ON CONFLICT DO NOTHING;

-- The payload comes last: what stands before it is read without reading the pages that a large payload overflows into.
CREATE TABLE IF NOT EXISTS transaction_log
(
  first_zxid INTEGER PRIMARY KEY,
  last_zxid INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  payload BLOB NOT NULL
);
