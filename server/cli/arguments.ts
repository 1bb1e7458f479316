import { parseArgs } from 'node:util';
import type { ParseArgsOptionsConfig } from 'node:util';
import { ProblemError } from '../../contract/problem.js';

type Values<T extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ options: T; allowPositionals: true; strict: true }>
>;

/** How many words a command takes beside its options. */
export interface Arity {
  min: number;
  max?: number;
  /** How the command is written: `lakeside render NB [--hide-code] [--out FILE]`. */
  usage: string;
}

/**
 * Reads the arguments of a command.
 *
 * @throws ProblemError `bad-request` naming the argument and how the command is written
 */
export function readArguments<const T extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: T,
  arity: Arity
): Values<T> {
  let parsed: Values<T>;
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('. ')[0] ?? '') : '';
    throw new ProblemError('bad-request', `${message}. Write: ${arity.usage}`);
  }
  const count = parsed.positionals.length;
  if (count < arity.min) throw new ProblemError('bad-request', `Something is missing. Write: ${arity.usage}`);
  if (count > (arity.max ?? arity.min)) {
    throw new ProblemError(
      'bad-request',
      `"${parsed.positionals[count - 1] ?? ''}" is one too many. Write: ${arity.usage}`
    );
  }
  return parsed;
}
