import type { Notice } from './ports.js';

/** How a notice is marked: a shape and a word, so that colour is never all. */
export interface Sign {
  sign: string;
  word: string;
  mood: 'bad' | 'good' | 'attention' | 'plain';
}

/** The sign of a notice. */
export function signOf({ kind, run }: Notice): Sign {
  switch (kind) {
    case 'failure':
      return run.state === 'SUCCEEDED'
        ? { sign: '!', word: 'Not published', mood: 'attention' }
        : { sign: '✕', word: 'Failed', mood: 'bad' };
    case 'late':
      return { sign: '!', word: run.state === 'MISSED' ? 'Missed' : 'Late', mood: 'attention' };
    case 'recovery':
      return { sign: '●', word: 'Works again', mood: 'good' };
    case 'success':
      return { sign: '●', word: 'Ran well', mood: 'good' };
    case 'notify':
      return { sign: '▸', word: 'Message', mood: 'plain' };
  }
}
