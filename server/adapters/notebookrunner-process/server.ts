import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { Log } from '../../ports.js';
import { readEvent } from './events.js';
import type { RunnerEvent } from './events.js';

/** The last words of a runner that are kept for the log. Characters. */
const LAST_WORDS = 4000;

export interface RunnerServerOptions {
  /** The Python beside which Lakeside is installed. */
  python: string;
  environment: Readonly<Record<string, string>>;
  log: Log;
  heard: (event: RunnerEvent) => void;
  /** Called once, when the process is gone. @param isWell - whether it ended by itself, and all that it started with it */
  gone: (isWell: boolean) => void;
}

/** One `python -m lakeside.runner --serve`. It ends, with all that it started, when its standard input does. */
export class RunnerServer {
  private readonly child: ChildProcess;
  private lastWords = '';
  readonly closed: Promise<void>;

  constructor({ python, environment, log, heard, gone }: RunnerServerOptions) {
    this.child = spawn(python, ['-m', 'lakeside.runner', '--serve'], {
      env: environment,
      stdio: ['pipe', 'pipe', 'pipe']
    });
    this.child.stdin?.on('error', () => undefined);
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.lastWords = (this.lastWords + text).slice(-LAST_WORDS);
    });
    this.child.stdout?.setEncoding('utf8').on(
      'data',
      byLines(line => {
        const event = readEvent(line);
        if (event !== undefined) heard(event);
      })
    );
    this.closed = new Promise(resolve => {
      let isOver = false;
      const over = (error?: Error): void => {
        if (isOver) return;
        isOver = true;
        const { exitCode, signalCode } = this.child;
        const isWell = exitCode === 0 && error === undefined;
        if (!isWell)
          log.error({ exitCode, signalCode, err: error, said: this.lastWords }, 'the runner of notebooks ended');
        gone(isWell);
        resolve();
      };
      this.child.once('error', over);
      // A pipe to nobody stays open until somebody writes to it, and would keep the end from being told.
      this.child.once('exit', () => this.child.stdin?.destroy());
      this.child.once('close', () => over());
    });
  }

  send(request: object): void {
    this.child.stdin?.write(`${JSON.stringify(request)}\n`);
  }

  /** Asks it to end; kills it where it does not within so many milliseconds. */
  async close(patience: number): Promise<void> {
    this.child.stdin?.end();
    const timer = setTimeout(() => this.child.kill('SIGKILL'), patience);
    await this.closed;
    clearTimeout(timer);
  }
}

/** Takes text in pieces and tells its lines. They end with a line feed alone: `readline` ends them at U+2028 too, which texts may hold. */
function byLines(tell: (line: string) => void): (text: string) => void {
  let begun: string[] = [];
  return text => {
    const parts = text.split('\n');
    for (const part of parts.slice(0, -1)) {
      tell(begun.join('') + part);
      begun = [];
    }
    begun.push(parts.at(-1) ?? '');
  };
}
