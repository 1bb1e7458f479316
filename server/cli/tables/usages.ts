/** How the commands of tables are written. */
export const lsUsage = 'lakeside tables ls [SOURCE[/SCHEMA]] [--json]';
export const searchUsage = 'lakeside tables search WORDS... [--source SOURCE] [--no-columns] [--limit N] [--json]';
export const showUsage = 'lakeside tables show SOURCE/SCHEMA/TABLE [--json]';
export const previewUsage =
  'lakeside tables preview SOURCE/SCHEMA/TABLE [--limit N] [--partition P] [--snapshot S] [--json]';
