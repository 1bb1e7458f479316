import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ProblemError } from '../../../contract/problem.js';
import type { Finding, FindingDecision, PublishRequest, ScanReport } from '../../../contract/share/index.js';
import type { JobContext, Report } from '../../jobs/kinds.js';
import type { Caller, Clock, FailPoint } from '../../ports.js';
import type { GateVerdict } from '../archive/types.js';
import type { GateMemory, LiveSecrets, NotebookFacts, Renderer, Scanned } from '../ports.js';
import type { Gated } from './checkpoint.js';
import { emptyFolder, SOURCE } from './take.js';
import { syncFolder } from './work.js';

/** Name of the copy without secrets in the folder of a share. */
const COPY = 'published.ipynb';

export interface GateOptions {
  renderer: Renderer;
  memory: GateMemory;
  liveSecrets: LiveSecrets;
  /** Whether a person may publish a finding with a reason. */
  mayPublishSecrets: boolean;
  /** The wiki of a target whose policy lets nothing through that holds a secret; undefined where it has none such. */
  blocking: (target: string) => { label: string } | undefined;
  clock: Clock;
  failPoint: FailPoint;
}

/** Keeps secrets out of what is published. */
export interface Gate {
  /**
   * Refuses a request whose own words hold a secret, before anything of it is stored, and decisions that are not
   * allowed here.
   *
   * @throws ProblemError `invalid` naming the field; `forbidden`
   */
  check(caller: Caller, request: PublishRequest): Promise<void>;
  /** The file as it would be published: itself, or a copy in the folder. @param keep - findings that would stand */
  shown(file: string, folder: string, keep: readonly string[], signal: AbortSignal): Promise<string>;
  /**
   * What there is to decide in a notebook.
   *
   * @param file - its bytes
   * @param folder - an empty one
   * @param notebookOf - tells which notebook it is, from what was read; undefined where nothing was said of it before
   */
  report(
    file: string,
    folder: string,
    notebookOf: (identity: NotebookIdentity) => Promise<string | undefined>,
    signal?: AbortSignal
  ): Promise<ScanReport>;
  /**
   * Scans what was taken and lays what is to be published beside it. Nothing of the notebook's text may be stored
   * before this.
   *
   * @param facts - of what was taken, where they are at hand
   */
  pass(share: GateShare, report: Report): Promise<Gated>;
}

/** What reading a notebook tells about which one it is. */
export type NotebookIdentity = NonNullable<Scanned['identity']>;

/** A share that comes to the gate. */
export interface GateShare {
  context: JobContext;
  folder: string;
  notebookId: string;
  request: PublishRequest;
  /** What was read from the source; undefined in a share that was begun by a dead process. */
  facts: NotebookFacts | undefined;
}

export function createGate(options: GateOptions): Gate {
  const { renderer, memory, liveSecrets, mayPublishSecrets, blocking: blockingTarget, clock, failPoint } = options;

  function remembered(notebookId: string | undefined): Map<string, NonNullable<Finding['remembered']>> {
    const known = notebookId === undefined ? [] : memory.of(notebookId);
    return new Map(known.map(({ fingerprint, reason, by, at }) => [fingerprint, { reason, by, at }]));
  }

  async function inspect(share: GateShare, name: string, report: Report): Promise<NotebookFacts> {
    const { context, folder } = share;
    return renderer.inspect(
      { kind: 'ipynb', file: join(folder, name) },
      {
        workDirectory: await emptyFolder(join(folder, 'inspect')),
        signal: context.signal,
        onProgress: (done, total) => report(done, total)
      }
    );
  }

  /** Stores what was decided for good. Saying it again changes nothing. */
  function remember(caller: Caller, notebookId: string, decisions: readonly FindingDecision[]): void {
    const known = remembered(notebookId);
    for (const decision of decisions) {
      const { fingerprint } = decision;
      if (decision.action === 'redact' && known.has(fingerprint)) memory.forget(notebookId, fingerprint);
      if (decision.action !== 'not-a-secret' || known.get(fingerprint)?.reason === decision.reason) continue;
      const at = new Date(clock.now()).toISOString();
      memory.remember(notebookId, { fingerprint, reason: decision.reason, by: caller.name, at });
    }
  }

  return {
    async check(_caller, request) {
      const decisions = request.findings ?? [];
      const publishes = decisions.some(({ action }) => action === 'publish');
      if (!mayPublishSecrets && publishes) {
        throw new ProblemError(
          'forbidden',
          'Publishing what looks like a secret is not allowed here. Redact it in the published copy, or take it out of the notebook.'
        );
      }
      const blocking = blockingTarget(request.target);
      if (blocking && publishes) {
        throw new ProblemError(
          'forbidden',
          `${blocking.label} takes nothing that holds what looks like a secret, whatever the reason: the configuration of Lakeside says so. Take it out of the notebook.`
        );
      }
      const words = wordsOf(request);
      if (words.length === 0) return;
      const { secretsIn } = await import('../gate/words.js');
      const live = await liveSecrets.current();
      for (const [field, text] of words) {
        const [found] = secretsIn(text, live);
        if (!found) continue;
        const message = `This holds what looks like a secret (${found.label}), and it would be published. Write it without.`;
        throw new ProblemError('invalid', message, { errors: [{ field, message }] });
      }
    },

    async shown(file, folder, keep, signal) {
      const live = await liveSecrets.current();
      const options = { live, key: memory.key(), redact: { keep } };
      const scanned = await renderer.scan({ kind: 'ipynb', file }, options, { workDirectory: folder, signal });
      return scanned.file ?? file;
    },

    async report(file, folder, notebookOf, signal) {
      const scanned = await renderer.scan(
        { kind: 'ipynb', file },
        { live: await liveSecrets.current(), key: memory.key(), identify: true },
        { workDirectory: folder, ...(signal && { signal }) }
      );
      const known = remembered(scanned.identity && (await notebookOf(scanned.identity)));
      const findings = scanned.findings.map(finding => {
        const earlier = known.get(finding.fingerprint);
        return earlier ? { ...finding, remembered: earlier } : finding;
      });
      return { findings, total: scanned.total, mayPublish: mayPublishSecrets };
    },

    async pass(share, report) {
      const { context, folder, notebookId, request } = share;
      const decisions = request.findings ?? [];
      remember(context.caller, notebookId, decisions);
      const published = new Map(
        decisions.flatMap(decision => (decision.action === 'publish' ? [[decision.fingerprint, decision.reason]] : []))
      );
      const harmless = remembered(notebookId);
      const workDirectory = await emptyFolder(join(folder, 'scan'));
      const scanned = await renderer.scan(
        { kind: 'ipynb', file: join(folder, SOURCE) },
        {
          live: await liveSecrets.current(),
          key: memory.key(),
          redact: { keep: [...harmless.keys(), ...published.keys()] }
        },
        { workDirectory, signal: context.signal, onProgress: (done, total) => report(done, total) }
      );
      await failPoint('share:scanned');
      const blocking = blockingTarget(request.target);
      if (blocking && scanned.redacted > 0) throw blocked(blocking.label, scanned.findings, harmless);
      const source = await inspectOnce(share, report);
      let facts = source;
      if (scanned.file !== undefined) {
        await rename(scanned.file, join(folder, COPY));
        await syncFolder(folder);
        facts = await inspect(share, COPY, report);
        facts = { ...facts, notes: [...new Set([...source.notes, ...facts.notes, inWords(scanned.redacted)])] };
      }
      await rm(workDirectory, { recursive: true, force: true });
      const copyHash = scanned.file === undefined ? undefined : facts.contentHash;
      memory.notePublished(notebookId, source.contentHash, copyHash);
      const verdict = verdictOf(scanned.findings, scanned.redacted, harmless, published);
      return {
        facts,
        gate: {
          file: scanned.file === undefined ? SOURCE : COPY,
          sourceHash: source.contentHash,
          ...(verdict && { verdict })
        }
      };
    }
  };

  async function inspectOnce(share: GateShare, report: Report): Promise<NotebookFacts> {
    return share.facts ?? inspect(share, SOURCE, report);
  }
}

/** The refusal of a target that takes nothing with secrets: where they are, and what to do. */
function blocked(label: string, findings: readonly Finding[], harmless: ReadonlyMap<string, unknown>): ProblemError {
  const held = findings.filter(({ fingerprint }) => !harmless.has(fingerprint));
  const cells = [...new Set(held.flatMap(({ cell }) => (cell ? [cell.index + 1] : [])))];
  const first = cells.slice(0, 10).join(', ');
  const where =
    cells.length === 0 ? '' : ` (${cells.length === 1 ? 'cell' : 'cells'} ${first}${cells.length > 10 ? ', …' : ''})`;
  return new ProblemError(
    'forbidden',
    `The notebook holds what looks like a secret${where}, and ${label} takes nothing that does: the configuration of Lakeside says so. Take it out of the notebook, or say with a reason that it is none. Nothing was published.`
  );
}

/** What is kept with the version: how many secrets were replaced, and what was let stand, by whom it was shared. */
function verdictOf(
  findings: readonly Finding[],
  redacted: number,
  harmless: ReadonlyMap<string, { reason: string }>,
  published: ReadonlyMap<string, string>
): GateVerdict | undefined {
  const stand = new Map<string, GateVerdict['kept'][number]>();
  for (const { fingerprint, rule } of findings) {
    const reason = published.get(fingerprint);
    const earlier = harmless.get(fingerprint);
    if (reason !== undefined) stand.set(fingerprint, { fingerprint, rule, as: 'published', reason });
    else if (earlier) stand.set(fingerprint, { fingerprint, rule, as: 'not-a-secret', reason: earlier.reason });
  }
  return redacted === 0 && stand.size === 0 ? undefined : { redacted, kept: [...stand.values()] };
}

/** The words a person gave with a share, by field. */
function wordsOf(request: PublishRequest): [string, string][] {
  return [
    ...(request.title === undefined ? [] : [['title', request.title] satisfies [string, string]]),
    ...(request.tags ?? []).map((tag, index): [string, string] => [`tags.${index}`, tag]),
    ...(request.groups ?? []).map((group, index): [string, string] => [`groups.${index}`, group]),
    ...(request.findings ?? []).flatMap((decision, index): [string, string][] =>
      decision.action === 'redact' ? [] : [[`findings.${index}.reason`, decision.reason]]
    )
  ];
}

function inWords(redacted: number): string {
  return redacted === 1
    ? '1 possible secret was redacted in the published copy.'
    : `${redacted} possible secrets were redacted in the published copy.`;
}
