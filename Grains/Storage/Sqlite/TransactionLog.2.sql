-- The log's rows become pages that are written again and again: an append changes the one page of the file that the last batches lie on, where a
-- new row took a new page, the page above it and those of the free list. A row is live while its last_zxid is beyond trimmed_zxid.

ALTER TABLE transaction_log RENAME TO transaction_log_1;

-- A row's batches stand one behind the other, each behind its first and last zxid, its checksum and its length.
CREATE TABLE transaction_log
(
  slot INTEGER PRIMARY KEY,
  first_zxid INTEGER NOT NULL,
  last_zxid INTEGER NOT NULL,
  batches BLOB NOT NULL
);

INSERT INTO transaction_log (slot, first_zxid, last_zxid, batches)
SELECT
  row_number() OVER (ORDER BY first_zxid) - 1,
  first_zxid,
  last_zxid,
  CAST(unhex(printf('%016x%016x%016x%08x', first_zxid, last_zxid, checksum, length(payload))) || payload AS BLOB)
FROM transaction_log_1;

DROP TABLE transaction_log_1;

-- The first slot of the segment with the oldest live rows; NULL as long as nothing was trimmed.
ALTER TABLE ledger ADD COLUMN oldest_slot INTEGER;
