/** How the verbs of `lakeside schedule` are written. */
export const usages = {
  init: 'lakeside schedule init [NB] [--out FILE] [--json]',
  validate: 'lakeside schedule validate FILE... [--json]',
  push: 'lakeside schedule push FILE... [--dry-run] [--json]',
  pushRemote:
    'lakeside schedule push FILE... --remote GIT-REMOTE [--base BRANCH] [--branch NAME] [--title T] [--forge github|gitlab|other] [--not-a-secret ID]... [--reason R] [--dry-run] [--json]',
  import: 'lakeside schedule import DAG.yml [--out FILE] [--json]',
  export: 'lakeside schedule export [NAME...] [--airflow] [--out FILE] [--json]',
  list: 'lakeside schedule list [--deleted] [--json]',
  show: 'lakeside schedule show NAME [--json]',
  pause: 'lakeside schedule pause NAME [--json]',
  resume: 'lakeside schedule resume NAME [--json]',
  run: 'lakeside schedule run NAME [-p NAME=VALUE]... [--wait] [--json]',
  backfill: 'lakeside schedule backfill NAME --from DAY [--to DAY] [--json]',
  delete: 'lakeside schedule delete NAME [--json]',
  restore: 'lakeside schedule restore NAME [--json]'
} as const;
