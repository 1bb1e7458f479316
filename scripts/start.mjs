// npm start [-- [--reset] [arguments for jupyter lab]]
// Sets everything up, then opens JupyterLab with Lakeside on a scratch copy of examples/. Runs on Node.js 18 or newer.
import { setUp } from './setup/index.mjs';
import { markUse } from './setup/lock.mjs';
import { printFailure, seconds } from './setup/steps.mjs';
import { makeLake } from './start/lake.mjs';
import { whenNpmEnds } from './start/parent.mjs';
import { copyExamples, notebooks, reset, serverEnvironment } from './start/scratch.mjs';
import { addressOf, endServer, startServer } from './start/server.mjs';

const usage = `npm start                     JupyterLab with Lakeside, on a scratch copy of examples/
npm start -- --reset          the same, with everything in .lakeside/ renewed
npm start -- --no-browser …   all other arguments go to jupyter lab`;

const given = process.argv.slice(2);
if (given.includes('--help') || given.includes('-h')) {
  console.log(usage);
  process.exit(0);
}

await setUp();
try {
  markUse('start');
  // An old npm takes `npm start --reset` as an option of its own and says so in a variable.
  if (given.includes('--reset') || process.env.npm_config_reset === 'true') reset();
  copyExamples();
  await makeLake(notebooks);
} catch (error) {
  printFailure(error);
  process.exit(1);
}

const began = Date.now();
let stopping;
let hurry;
const hurried = new Promise(resolve => {
  hurry = resolve;
});

const child = startServer(
  given.filter(argument => argument !== '--reset'),
  serverEnvironment()
);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
whenNpmEnds(stop);
// The terminal may be gone before this process is.
for (const stream of [process.stdout, process.stderr]) stream.on('error', stop);
child.once('exit', (code, signal) => {
  if (!stopping) process.exit(code ?? (signal === null ? 1 : 0));
});

const address = await addressOf(child);
if (address !== undefined && !stopping) {
  console.log(`JupyterLab is ready, ${seconds(began)}: ${address}`);
  console.log(`Notebooks: ${notebooks}. Ctrl-C ends it.`);
}

/** Ends the server and then this process; called a second time, without patience. */
function stop() {
  if (stopping) {
    hurry();
    return;
  }
  stopping = Date.now();
  console.log('\nStopping; once more to stop at once');
  void endServer(child, hurried).then(() => {
    console.log(`Stopped, ${seconds(stopping)}`);
    process.exit(0);
  });
}
