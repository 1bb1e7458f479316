import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { replaceFile } from '../../replaceFile.js';
import { onStorage } from '../../storage.js';
import type { Exclusive } from '../ports.js';
import { stampOf } from './store.js';

const ChoicesShape = z.object({
  /** The profile whose keys kernels get. */
  active: z.string().optional(),
  /** Profiles whose keys are not renewed by themselves. */
  byHand: z.array(z.string()).default([]),
  /** Profiles without sign-in whose keys nobody gets until somebody signs in. */
  signedOut: z.array(z.string()).default([]),
  /** Variables with keys that kernels do not inherit. The Jupyter server reads it, too: `lakeside/withheld.py`. */
  withheld: z.array(z.string()).default([])
});

/** What a person chose. Holds nothing secret. */
export type Choices = z.infer<typeof ChoicesShape>;

export interface ChoiceStore {
  /** As they are on disk now. */
  read(): Choices;
  change(how: (choices: Choices) => Choices): Promise<void>;
}

/** @param directory - the folder of the store */
export function createChoices(directory: string, exclusive: Exclusive): ChoiceStore {
  const file = join(directory, 'choices.json');
  let known: { stamp: string | undefined; choices: Choices } | undefined;

  function read(): Choices {
    const stamp = stampOf(file);
    if (known === undefined || known.stamp !== stamp) known = { stamp, choices: parsed(file) };
    return known.choices;
  }

  return {
    read,
    change: how =>
      exclusive.run('choices', async () => {
        const before = read();
        const after = how(before);
        if (JSON.stringify(after) === JSON.stringify(before)) return;
        await onStorage(directory, () => replaceFile(file, `${JSON.stringify(after, undefined, 2)}\n`));
      })
  };
}

/** A file that is not right counts as none: it holds nothing that cannot be chosen again. */
function parsed(file: string): Choices {
  try {
    return ChoicesShape.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return ChoicesShape.parse({});
  }
}
