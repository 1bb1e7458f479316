import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { ProblemError } from '../../../contract/problem.js';

/**
 * Asks the person for a line; what is typed is not shown where it is hidden. Without a terminal the line comes from
 * standard input as it is.
 *
 * @throws ProblemError `bad-request` where standard input ends without one
 */
export function ask(question: string, options: { isHidden?: boolean } = {}): Promise<string> {
  process.stderr.write(question);
  const isTerminal = process.stdin.isTTY;
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({
    input: process.stdin,
    output: options.isHidden === true ? nowhere : process.stderr,
    terminal: isTerminal
  });
  return new Promise((resolve, reject) => {
    let isAnswered = false;
    lines.once('line', line => {
      isAnswered = true;
      lines.close();
      resolve(line.trim());
    });
    lines.once('close', () => {
      if (options.isHidden === true || !isTerminal) process.stderr.write('\n');
      if (!isAnswered) reject(new ProblemError('bad-request', 'Nothing was typed, so nobody is signed in.'));
    });
  });
}
