-- The transaction log: its truth is the rows of transaction_log, in the order of their zxids, up to the last zxid in the ledger.

-- Who may append, and how far the log reaches. Every append updates this one row, and nothing else does but a claim and a writer's
-- new connection. The writer is a number that whoever claimed the epoch chose for itself, the connection one for its present
-- connection; the backend is PostgreSQL's process for that. The page keeps room for the row's next versions.
CREATE TABLE IF NOT EXISTS ledger
(
  id integer PRIMARY KEY CHECK (id = 1),
  epoch integer NOT NULL,
  holder text NOT NULL,
  last_zxid bigint NOT NULL,
  writer bigint NOT NULL,
  connection bigint NOT NULL,
  backend_pid integer NOT NULL,
  backend_start timestamptz NOT NULL
) WITH (fillfactor = 10);

INSERT INTO ledger (id, epoch, holder, last_zxid, writer, connection, backend_pid, backend_start)
VALUES (1, 0, '', 0, 0, 0, 0, 'epoch')
ON CONFLICT DO NOTHING;

-- How far the log was trimmed; apart, so that trimming never locks what an append updates.
CREATE TABLE IF NOT EXISTS log_trim
(
  id integer PRIMARY KEY CHECK (id = 1),
  trimmed_zxid bigint NOT NULL
) WITH (fillfactor = 10);

INSERT INTO log_trim (id, trimmed_zxid) VALUES (1, 0) ON CONFLICT DO NOTHING;

-- Keyed by the last zxid: the batches behind a zxid are a range, also when it lies within one. Rows that were trimmed are vacuumed
-- early, and payloads are not compressed, which would only delay the append. Those that fit into a page stay in the row: each piece of
-- one that does not costs a row and an index entry more.
CREATE TABLE IF NOT EXISTS transaction_log
(
  last_zxid bigint PRIMARY KEY,
  first_zxid bigint NOT NULL,
  checksum bigint NOT NULL,
  payload bytea NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.05, toast.autovacuum_vacuum_scale_factor = 0.05, toast_tuple_target = 8160);

ALTER TABLE transaction_log ALTER COLUMN payload SET STORAGE EXTERNAL;
