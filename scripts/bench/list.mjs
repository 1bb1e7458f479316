// The benchmarks, in the order they run, and how each is started.
import { node24, program } from '../setup/places.mjs';

const node =
  (file, ...more) =>
  report => [node24().node, file, ...more, '--json', report];
const python = file => report => [program('python'), file, '--json', report];

/** What `--only` takes; `title` is the heading of its table. */
export const benches = [
  { name: 'labextension', title: 'What the browser loads', command: node('test/bench/labextension.mjs') },
  { name: 'sidecar', title: 'Sidecar', command: python('test/bench/sidecar.py') },
  { name: 'frontdoor', title: 'Front door', command: python('test/bench/frontdoor.py') },
  { name: 'jupyterstart', title: 'Start of JupyterLab', command: python('test/bench/jupyterstart.py') },
  { name: 'library', title: 'Library of 100,000 notebooks', command: node('test/bench/library.mjs') },
  { name: 'bucket', title: 'The same Library in a bucket', command: node('test/bench/library.mjs', '--bucket') },
  { name: 'render', title: 'Rendering', command: node('test/bench/render.mjs') },
  { name: 'history', title: 'History on save', command: python('test/bench/history.py') },
  { name: 'scan', title: 'Secret gate', command: node('test/bench/scan.mjs') },
  { name: 'wiki', title: 'Sharing to a wiki', command: python('test/bench/wiki.py') },
  { name: 'database', title: 'A database of 100,000 tables', command: node('test/bench/database.mjs') },
  { name: 'runner', title: 'Notebook runner', command: python('test/bench/runner.py') },
  { name: 'schedules', title: 'Schedules', command: python('test/bench/schedules.py') },
  { name: 'sql', title: 'SQL to pandas', command: python('test/bench/sql.py') },
  { name: 'tablesindex', title: 'Index of 100,000 tables', command: node('test/bench/tablesindex.mjs') },
  { name: 'credentials', title: 'Credentials', command: python('test/bench/credentials.py') },
  { name: 'panel', title: 'Panel of tables', command: node('test/bench/panel.mjs') }
];
