/**
 * The version of the tables. It stands in the name of the file, so programs of different versions on one home each
 * have their own and never drop the other's. Any change of the tables or of what is put into them raises it.
 */
export const SCHEMA = 2;

/** Marks a file as this index: "LkIx". */
export const APPLICATION = 0x4c6b4978;

/**
 * The tables.
 *
 * `notebooks` holds the merged state of every notebook, `summary` (of its versions) only while it can be shown; the
 * tables below it are derived from that. `shelf` is narrow because every hit of a search is looked up there. `words` holds no text
 * itself; its columns are those of `Searchable` and the facets as words. FTS5 would merge its segments whenever it likes, for up to half a
 * second; that is turned off and done in small steps (maintain.ts).
 */
export const TABLES = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE events (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE people (person INTEGER PRIMARY KEY, name TEXT UNIQUE);
CREATE TABLE notebooks (doc INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, core TEXT NOT NULL, summary TEXT);
CREATE TABLE versions (
  doc INTEGER NOT NULL, version_id TEXT NOT NULL, event TEXT NOT NULL, fact TEXT NOT NULL,
  PRIMARY KEY (doc, version_id)
) WITHOUT ROWID;
CREATE TABLE provenances (hash TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE texts (doc INTEGER PRIMARY KEY, event TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE shelf (
  doc INTEGER PRIMARY KEY,
  reader INTEGER NOT NULL, owner INTEGER NOT NULL, deleted INTEGER NOT NULL,
  id TEXT NOT NULL, updated TEXT NOT NULL, title TEXT NOT NULL
);
CREATE INDEX shelf_by_update ON shelf (deleted, reader, updated, id, owner);
CREATE INDEX shelf_by_title ON shelf (deleted, reader, title, id, owner);
CREATE TABLE facets (facet INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL, UNIQUE (kind, key));
CREATE TABLE facet_docs (facet INTEGER NOT NULL, doc INTEGER NOT NULL, PRIMARY KEY (facet, doc)) WITHOUT ROWID;
CREATE INDEX facets_of_doc ON facet_docs (doc, facet);
CREATE TABLE facet_counts (
  facet INTEGER NOT NULL, reader INTEGER NOT NULL, kind TEXT NOT NULL, count INTEGER NOT NULL,
  PRIMARY KEY (facet, reader)
) WITHOUT ROWID;
CREATE INDEX facets_by_count ON facet_counts (reader, kind, count DESC, facet);
CREATE VIRTUAL TABLE words USING fts5(
  title, tags, names, text, facets, content = '', contentless_delete = 1, tokenize = 'ascii', prefix = '2'
);
INSERT INTO words (words, rank) VALUES ('automerge', 0);
INSERT INTO words (words, rank) VALUES ('crisismerge', 1000);
INSERT INTO people VALUES (0, NULL);
PRAGMA application_id = ${APPLICATION};
PRAGMA user_version = ${SCHEMA};
`;

/** The person number of everyone, as a reader. It has no name. */
export const EVERYONE = 0;
