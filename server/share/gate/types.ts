/** What the parts of the gate say to each other. Types only. */
import type { Finding, FindingPart } from '../../../contract/share/index.js';
import type { Hints } from './hints.js';

/** What kind of text this is: rules ask more of prose and output than of code. */
export type TextKind = 'code' | 'prose' | 'output' | 'value';

/** A part of a text that is a secret, in the positions of that text. */
export interface Hit {
  start: number;
  end: number;
  rule: string;
  /** What it is, in words for a person. */
  label: string;
  severity: Finding['severity'];
  encoding: Finding['encoding'];
  /** The secret itself, decoded: what the fingerprint is made of. Never leaves this process. */
  secret: string;
  /** True where the range holds more than the secret: a narrower hit inside is better. */
  isWide?: boolean;
}

/** One text of a notebook that is looked at for itself. */
export interface Part {
  part: FindingPart;
  /** Where in the cell or notebook: `outputs.0.text`. */
  place: string;
  kind: TextKind;
  text: string;
  /** The key this text is the value of, where it is one of JSON. */
  key?: string | undefined;
  /** Puts another text in its place. */
  replace(text: string): void;
}

/** A rule of our own: adds what it finds in a text. */
export type Rule = (text: string, kind: TextKind, add: (hit: FoundSecret) => void, hints: Hints) => void;

/** A secret as a rule reports it. */
export interface FoundSecret {
  start: number;
  end: number;
  rule: string;
  label: string;
}
