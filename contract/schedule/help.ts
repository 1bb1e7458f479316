/** What editors say of the keys of a schedule, by their place. */
export const keyHelp: Readonly<Record<string, string>> = {
  name: 'What people call it. Each schedule of a file has a name of its own; push finds it again by its name.',
  owner: 'Who is told of it, and stands in {{ owner }}.',
  notebook: 'Which notebook runs.',
  'notebook.path':
    'Path of the notebook, below the folder that JupyterLab shows or beside this file; / between its parts. Or share://<id>@<version> of the Library, or s3://<bucket>/<key>.',
  'notebook.mode': 'follow: the notebook as it is when a run starts. pin: as it was when the schedule was saved.',
  when: 'When it is due.',
  'when.cron':
    'Minute, hour, day of the month, month, day of the week, such as 30 7 * * 1-5; or @hourly, @daily, @weekly, @monthly, @yearly.',
  'when.zone': 'Time zone by its name, such as Europe/Paris.',
  'when.start': 'First day, in the zone.',
  'when.end': 'Last day, in the zone.',
  parameters: 'Values of the notebook\'s parameters. Macros stand in texts: "{{ ds }}" is the day a run is about.',
  'environment.kernel': "Name of a kernel; the notebook's own where absent.",
  'environment.memory': 'Most memory of a run, such as 512Mi or 4Gi.',
  where: 'local, or the name of a profile of the configuration.',
  credentials:
    'Profile of the configuration whose keys its runs get, also while nobody is there. Absent: runs ask for the profile that is active then, and fail where nobody is signed in.',
  'policy.overlap': 'While a run goes on: skip the new one, queue it, replace the older one, or allow both.',
  'policy.catchUp': 'Due times at which no server was up: none, the last one, or all up to maxCatchUp.',
  'policy.retries':
    'How often a run that failed for a passing reason is tried again. A cell that fails is no such reason.',
  'policy.retryDelay': 'Before the first retry, such as 90s, 15m, 2h; each further one waits twice as long.',
  'policy.timeout': 'Longest time of a run, such as 2h.',
  'policy.cellTimeout': 'Longest time of one cell.',
  'policy.lateAfter': 'After this time without an end a run is late, of which people can be told.',
  notify: 'Who is told of what: channels of the configuration, or owner.',
  publish: 'Where the output of a good run is shared.',
  'publish.target': 'library, or the name of a wiki of the configuration.',
  output:
    'Folder of the output of a run, with macros: runs/{{ schedule_id }}/{{ run_id }}/. Or s3://<bucket>/<key>/ of a bucket of the configuration.',
  'keep.runs': 'At least so many of the newest runs are kept.',
  'keep.days': 'All runs of so many days are kept.',
  tags: 'Words to find it by.'
};
