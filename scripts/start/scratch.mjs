// What `npm start` keeps in .lakeside/: notebooks, the Library, Jupyter's own files. A person's own are neither read nor changed.
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { without } from '../setup/environment.mjs';
import { isAlive, users } from '../setup/lock.mjs';
import { root, state, venv } from '../setup/places.mjs';
import { SetupError } from '../setup/run.mjs';

/** Folder of the scratch notebooks. */
export const notebooks = join(state, 'notebooks');
/** Where the running servers write their addresses. */
export const runtime = join(state, 'jupyter', 'runtime');

const copied = join(state, 'examples.json');
// npm's variables are none of the kernels' business either.
const foreign = ['PYTHONPATH', 'PYTHONHOME', 'PYTHONSTARTUP', 'JUPYTER_PATH', 'JUPYTER_CONFIG_PATH', 'JUPYTER_TOKEN'];
const skipped = ['.ipynb_checkpoints', '__pycache__'];

/** Removes everything of earlier starts. Refuses while a server runs on it. */
export function reset() {
  if (!existsSync(state)) return;
  const other = users('start').find(pid => pid !== process.pid && isAlive(pid));
  if (other) throw new SetupError(`npm start already runs here, as process ${other}.`, { cure: 'End it, then reset.' });
  for (const name of readdirSync(state)) {
    if (!name.endsWith('.lock') && name !== `start.${process.pid}.pid`) {
      rmSync(join(state, name), { recursive: true, force: true });
    }
  }
}

/** Copies the examples that were never copied before: what a person changed or deleted stays as it is. */
export function copyExamples() {
  const known = readKnown();
  mkdirSync(notebooks, { recursive: true });
  const examples = join(root, 'examples');
  for (const name of existsSync(examples) ? readdirSync(examples) : []) {
    if (skipped.includes(name) || known.has(name)) continue;
    if (!existsSync(join(notebooks, name))) {
      cpSync(join(examples, name), join(notebooks, name), {
        recursive: true,
        filter: source => !skipped.some(part => source.includes(part))
      });
    }
    known.add(name);
  }
  writeFileSync(copied, `${JSON.stringify([...known].sort(), null, 2)}\n`);
}

/** The environment of the server. */
export function serverEnvironment() {
  const own = without(process.env, name => foreign.includes(name) || /^npm_/i.test(name));
  const config = join(state, 'jupyter', 'config');
  writeOnce(
    join(config, 'lab', 'user-settings', '@jupyterlab', 'apputils-extension', 'notification.jupyterlab-settings'),
    {
      fetchNews: 'false',
      checkForUpdates: false
    }
  );
  return {
    ...own,
    PATH: [join(venv, 'bin'), own.PATH].filter(Boolean).join(delimiter),
    JUPYTER_CONFIG_DIR: config,
    JUPYTER_DATA_DIR: join(state, 'jupyter', 'data'),
    JUPYTER_RUNTIME_DIR: runtime,
    JUPYTER_PREFER_ENV_PATH: '1',
    IPYTHONDIR: join(state, 'ipython'),
    LAKESIDE_HOME: join(state, 'home')
  };
}

function writeOnce(file, content) {
  if (existsSync(file)) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
}

function readKnown() {
  try {
    return new Set(JSON.parse(readFileSync(copied, 'utf8')));
  } catch {
    return new Set();
  }
}
