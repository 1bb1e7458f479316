import { ProblemError } from '../../../contract/problem.js';
import type { ScheduleSpec } from '../../../contract/schedule/spec.js';
import { addressIn, pageFor, readAddress } from './address.js';
import type { ForgeName } from './address.js';
import type { Forge, ProposedFile, Repository } from './ports.js';

/** What is proposed, and where. */
export interface Proposal {
  remote: string;
  /** Where nothing is given: the branch that the remote names. */
  base: string | undefined;
  /** Where nothing is given: `lakeside/…`, the same for the same content. */
  branch: string | undefined;
  title: string | undefined;
  files: readonly ProposedFile[];
  specs: readonly ScheduleSpec[];
  /** Sentences on what somebody said to be no secret. */
  remarks: readonly string[];
  /** Says what would be proposed, and changes nothing at the remote. */
  isDry: boolean;
}

/** What became of it. */
export interface Proposed {
  outcome: 'unchanged' | 'pushed' | 'known' | 'would push';
  base: string;
  branch?: string;
  commit?: string;
  /** Paths that differ from the base. */
  changed: string[];
  /** Of the request to merge, or of the page to open one. */
  address?: string;
  /** Why no request was opened, where one was wanted. */
  note?: string;
}

/**
 * Proposes files as a branch of a remote, and opens a request to merge where that can be done. The same content again
 * gives the same branch.
 *
 * @param forge - opens requests over an API; absent where there is none or nobody may
 * @throws ProblemError
 */
export async function propose(
  repository: Repository,
  proposal: Proposal,
  { name, forge }: { name: ForgeName; forge?: Forge | undefined }
): Promise<Proposed> {
  const { remote, files, specs, remarks } = proposal;
  const place = readAddress(await repository.address(remote));
  const base = await repository.base(remote, proposal.base);
  const { tree, changed } = await repository.tree(base.commit, files);
  if (changed.length === 0) return { outcome: 'unchanged', base: base.name, changed };
  const branch = proposal.branch ?? `lakeside/${slug(specs)}-${tree.slice(0, 8)}`;
  const told = { base: base.name, branch, changed };
  if (proposal.isDry) return { outcome: 'would push', ...told };
  const title = oneLine(proposal.title ?? titleOf(specs));
  const body = bodyOf(specs, remarks);
  const known = await repository.tip(remote, branch);
  let said = '';
  let commit = known;
  if (known === undefined) {
    commit = await repository.commit(tree, base.commit, `${title}\n\n${body}`);
    const target = [`merge_request.create`, `merge_request.target=${base.name}`, `merge_request.title=${title}`];
    said = await repository.push(remote, commit, branch, name === 'gitlab' ? target : []);
  } else if (proposal.branch !== undefined) {
    const message = `The branch ${branch} is there already at ${remote}. Choose another --branch, or leave it out.`;
    throw new ProblemError('conflict', message);
  }
  const opened = await open(forge, { title, body, head: branch, base: base.name });
  const page = place && pageFor(name, place, branch, base.name);
  const address = opened.address ?? addressIn(said) ?? page;
  return {
    outcome: known === undefined ? 'pushed' : 'known',
    ...told,
    ...(commit !== undefined && { commit }),
    ...(address !== undefined && { address }),
    ...(opened.note !== undefined && { note: opened.note })
  };
}

/** The branch is there, whatever becomes of the request. */
async function open(
  forge: Forge | undefined,
  request: Parameters<Forge['open']>[0]
): Promise<{ address?: string; note?: string }> {
  try {
    return forge === undefined ? {} : { address: await forge.open(request) };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { note: `The branch is there; the request to merge it was not opened. ${error.message}` };
  }
}

function titleOf(specs: readonly ScheduleSpec[]): string {
  const names = specs.map(({ name }) => name).join(', ');
  return `Schedule ${names.length > 100 ? `${names.slice(0, 100)}…` : names}`;
}

function bodyOf(specs: readonly ScheduleSpec[], remarks: readonly string[]): string {
  const lines = specs.map(({ name, notebook, when }) => `- ${name}: ${notebook.path}, ${when.cron} ${when.zone}`);
  const said = remarks.length > 0 ? ['', 'Said to be no secret:', ...remarks.map(remark => `- ${remark}`)] : [];
  return [...lines, ...said].map(oneLine).join('\n');
}

/** The first schedule's name as part of a branch's name. */
function slug(specs: readonly ScheduleSpec[]): string {
  const name = (specs[0]?.name ?? '').normalize('NFKD').toLowerCase();
  return (
    name
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-+|-+$/g, '')
      .slice(0, 40) || 'schedules'
  );
}

function oneLine(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what it removes
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
}
