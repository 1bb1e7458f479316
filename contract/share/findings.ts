import * as z from 'zod';
import { Instant, label } from '../identifiers.js';

/** Names a secret without telling it: a keyed hash, the same wherever and however the secret is written in this home. */
export const Fingerprint = z
  .string()
  .regex(/^[0-9a-f]{24}$/, 'must be the fingerprint of a finding: 24 digits and letters a to f');
export type Fingerprint = z.infer<typeof Fingerprint>;

/** In which part of a notebook something was found. */
export const FindingPart = z.enum(['source', 'output', 'traceback', 'metadata', 'attachment']);
export type FindingPart = z.infer<typeof FindingPart>;

/** Why a person lets something stand. Published with nobody but kept with the decision. */
export const Reason = label(200);

/** Something in a notebook that looks like a secret. Never holds more than a few characters of it. */
export const Finding = z.object({
  fingerprint: Fingerprint,
  /** Stable name of the rule: `private-key`, `live`, `secretlint/github`. */
  rule: z.string(),
  /** What it is, in words: "AWS secret access key". */
  label: z.string(),
  /** `certain`: a secret that this person uses now. `likely`: it has the form of one. */
  severity: z.enum(['certain', 'likely']),
  part: FindingPart,
  /** The cell, counted from 0; without one it is in the notebook's metadata. */
  cell: z.object({ index: z.number().int().min(0), id: z.string().optional() }).optional(),
  /** Where in the cell or the notebook: `source`, `outputs.2.text`, `metadata.spark.password`. */
  place: z.string(),
  /** Line in that part, counted from 1. */
  line: z.number().int().min(1),
  /** How it is written there. */
  encoding: z.enum(['plain', 'base64', 'url']),
  /** The name before it, and the secret with all but a few characters hidden: `api_key = "sk-…9f`. */
  preview: z.string(),
  /** Where the person said earlier that this is no secret. */
  remembered: z.object({ reason: z.string(), by: z.string(), at: Instant }).optional()
});
export type Finding = z.infer<typeof Finding>;

/**
 * What to do with a finding. What is not decided is redacted in the published copy, or stays where it was said earlier
 * that it is no secret. `redact` takes such a word back. `publish` lets a secret stand in this version only.
 */
export const FindingDecision = z.discriminatedUnion('action', [
  z.strictObject({ fingerprint: Fingerprint, action: z.literal('redact') }),
  z.strictObject({ fingerprint: Fingerprint, action: z.literal('not-a-secret'), reason: Reason }),
  z.strictObject({ fingerprint: Fingerprint, action: z.literal('publish'), reason: Reason })
]);
export type FindingDecision = z.infer<typeof FindingDecision>;

export const FindingDecisions = z.array(FindingDecision).max(1000, 'must have at most 1000 entries');

/** What a scan of a notebook found. */
export const ScanReport = z.object({
  /** In the order of the notebook; the first 1000. */
  findings: z.array(Finding),
  /** All there are. */
  total: z.number().int().min(0),
  /** Whether `publish` is allowed here. */
  mayPublish: z.boolean()
});
export type ScanReport = z.infer<typeof ScanReport>;
