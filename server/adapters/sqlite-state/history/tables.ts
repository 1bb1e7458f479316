/** The steps that lead from an empty file to today's tables. Never changed once released; new ones are added at the end. */
export const tables: readonly string[] = [
  `
  CREATE TABLE notebooks (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    path TEXT NOT NULL,
    gone_at INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX notebooks_there ON notebooks (path) WHERE gone_at IS NULL;
  CREATE INDEX notebooks_gone ON notebooks (path) WHERE gone_at IS NOT NULL;

  CREATE TABLE versions (
    id TEXT PRIMARY KEY,
    notebook_id TEXT NOT NULL REFERENCES notebooks (id),
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    by TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    cost INTEGER NOT NULL,
    nodes BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX versions_of_notebook ON versions (notebook_id, id);

  CREATE TABLE nodes (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    refs INTEGER NOT NULL,
    entries BLOB NOT NULL
  ) STRICT;

  CREATE TABLE chunks (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    refs INTEGER NOT NULL,
    added INTEGER NOT NULL,
    packing INTEGER NOT NULL,
    data BLOB NOT NULL
  ) STRICT;
  CREATE INDEX chunks_unused ON chunks (added) WHERE refs = 0;

  CREATE TABLE events (
    id TEXT PRIMARY KEY,
    event TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE done (
    name TEXT PRIMARY KEY,
    at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX done_at ON done (at);
  `
];
