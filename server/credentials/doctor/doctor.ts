import type { DoctorFinding } from '../../../contract/credentials/index.js';
import { ProblemError } from '../../../contract/problem.js';
import type { HandOuts } from '../handOut.js';
import type { Exclusive } from '../ports.js';
import type { ConfiguredProfile } from '../profiles.js';
import type { Sessions } from '../sessions.js';
import { giverOf, renamed, settingOf, withRegion } from './awsFiles.js';
import { askEndpoint } from './ask.js';
import type { ChoiceStore } from '../store/choices.js';
import type { KernelView, SharedFile } from './kernel.js';

const URI = 'AWS_CONTAINER_CREDENTIALS_FULL_URI';
const TOKEN_FILE = 'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE';
/** Variables that clients take before they ask anybody. */
const KEYS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_WEB_IDENTITY_TOKEN_FILE'];
/** Longest time that a provider may take to be looked at, in milliseconds. */
const PATIENCE = 8_000;

/** Looks along the way on which a new kernel finds its keys. */
export interface CredentialDoctor {
  /** What it finds, the first that counts first. Changes nothing. */
  findings(signal: AbortSignal): Promise<DoctorFinding[]>;
  /**
   * Does what a finding offers, and looks again.
   *
   * @throws ProblemError `conflict` where there is no such thing to do now
   */
  fix(id: string, signal: AbortSignal): Promise<DoctorFinding[]>;
}

export interface DoctorOptions {
  sessions: Sessions;
  handOuts: HandOuts;
  kernel: KernelView;
  choices: ChoiceStore;
  /** Where this process listens; undefined where it does not. */
  endpoint: () => string | undefined;
  /** Whether it is a command that asks, in a terminal that may be none of JupyterLab. */
  isCommand: boolean;
  /** Two fixes of one file do not meet. */
  exclusive: Exclusive;
}

const listed = (names: readonly string[]): string =>
  [names.slice(0, -1).join(', '), ...names.slice(-1)].filter(Boolean).join(' and ');

/** What clients see of a file: nothing of one that cannot be read. */
const textOf = (file: SharedFile): Promise<string> => file.read().catch(() => '');

export function createCredentialDoctor(options: DoctorOptions): CredentialDoctor {
  const { sessions, handOuts, kernel, choices, exclusive } = options;
  const { credentials, config, section } = kernel;

  /** Those that kernels inherit although nobody has taken them out. */
  function shadowing(): string[] {
    const withheld = options.isCommand ? [] : choices.read().withheld;
    return KEYS.filter(name => kernel.variable(name) !== undefined && !withheld.includes(name));
  }

  /** Whatever comes before the endpoint in the order of AWS's clients: variables, the shared file, the configuration. */
  function variables(): DoctorFinding {
    const id = 'variables';
    const set = shadowing();
    const { withheld } = choices.read();
    if (options.isCommand && set.length > 0) {
      const detail = `Programs of this terminal inherit ${listed(set)}, which come before every sign-in and are never renewed.`;
      return { id, state: 'failed', detail, cure: `Take them out: unset ${set.join(' ')}` };
    }
    if (set.length > 0) {
      return {
        id,
        state: 'failed',
        detail: `Kernels inherit ${listed(set)}, which come before every sign-in and are never renewed.`,
        cure: 'Take them out of the kernels that run and of those that start from now on. Jupyter itself keeps them.',
        fix: { id: 'withhold-variables', label: 'Take them out', unset: set }
      };
    }
    if (!options.isCommand && withheld.length > 0) {
      const detail = `Kernels do not inherit ${listed(withheld)}: taken out here, and out of kernels of later starts.`;
      return { id, state: 'ok', detail, fix: { id: 'give-variables', label: 'Give back to new kernels' } };
    }
    return { id, state: 'ok', detail: 'No variable of kernels holds keys.' };
  }

  async function sharedFile(): Promise<DoctorFinding> {
    const giver = giverOf(await textOf(credentials), section);
    if (giver === undefined) {
      const detail = `No keys for [${section}] in ${credentials.path}.`;
      return { id: 'shadowing-file', state: 'ok', detail };
    }
    return {
      id: 'shadowing-file',
      state: 'failed',
      detail: `${credentials.path} gives keys to [${section}] by ${giver}, which wins over every sign-in.`,
      cure: 'Give the section another name. Its keys stay there for whoever asks for it by that name.',
      fix: { id: 'rename-section', label: `Rename [${section}]` }
    };
  }

  async function configuration(): Promise<DoctorFinding> {
    const giver = giverOf(await textOf(config), section);
    if (giver === undefined) return { id: 'config-file', state: 'ok', detail: `${config.path} gives no keys.` };
    return {
      id: 'config-file',
      state: 'failed',
      detail: `${config.path} gives keys to [${section}] by ${giver}, which wins over every sign-in.`,
      cure: `Take ${giver} out of that section, or move it to a profile of another name.`
    };
  }

  async function endpoint(): Promise<DoctorFinding> {
    const id = 'endpoint';
    const [uri, tokenFile] = [kernel.variable(URI), kernel.variable(TOKEN_FILE)];
    const own = options.endpoint();
    const restart = 'Start Jupyter again, then the kernels.';
    if (options.isCommand && uri === undefined) {
      const detail = 'Programs of this terminal are not told to ask Lakeside for keys: it is none of JupyterLab.';
      return { id, state: 'warning', detail, cure: 'Start them with lakeside credentials exec -- COMMAND.' };
    }
    if (uri === undefined || tokenFile === undefined) {
      const detail = 'Kernels are not told where to ask for keys: Jupyter was started before there was a profile.';
      return { id, state: 'failed', detail, cure: restart };
    }
    if (own !== undefined && uri !== own) {
      const detail = `Kernels ask ${uri} for keys, and Lakeside listens at ${own}.`;
      return { id, state: 'failed', detail, cure: `Unset ${URI} where Jupyter is started. ${restart}` };
    }
    const answer = await askEndpoint(uri, tokenFile);
    switch (answer.kind) {
      case 'keys':
        return { id, state: 'ok', detail: `Kernels get keys at ${uri}.` };
      case 'refused':
        return { id, state: 'warning', detail: `Kernels reach ${uri} and get no keys: ${answer.message}` };
      case 'no-token':
        return { id, state: 'failed', detail: `${tokenFile} cannot be read: kernels have no token.`, cure: restart };
      case 'unreachable':
        return { id, state: 'failed', detail: `${uri} does not answer: ${answer.message}.`, cure: restart };
    }
  }

  async function wantedRegion(): Promise<{ profile: ConfiguredProfile; region: string } | undefined> {
    const profile = await handOuts.active();
    return profile?.region === undefined ? undefined : { profile, region: profile.region };
  }

  async function region(): Promise<DoctorFinding[]> {
    const wanted = await wantedRegion();
    if (wanted === undefined) return [];
    const inFile = settingOf(await textOf(config), section, 'region');
    const { profile, region: there } = wanted;
    const id = 'region';
    // boto3 reads no other variable; the other SDKs read this one first.
    const ofBoto = kernel.variable('AWS_DEFAULT_REGION') ?? inFile;
    const ofOthers = kernel.variable('AWS_REGION');
    if (ofBoto === undefined) {
      const detail =
        ofOthers === undefined
          ? 'Kernels have no region: clients ask for one.'
          : `AWS_REGION says ${ofOthers}, which boto3 does not read: its clients ask for a region.`;
      const fix = { id: 'write-region', label: `Set ${there}` } as const;
      return [{ id, state: 'warning', detail, cure: `Write ${there} into ${config.path}.`, fix }];
    }
    const given = [ofOthers ?? ofBoto, ofBoto].find(each => each !== there);
    if (given === undefined) return [{ id, state: 'ok', detail: `Kernels work in ${there}.` }];
    const detail = `Kernels work in ${given}, and the keys of ${profile.label} are got in ${there}.`;
    return [{ id, state: 'warning', detail, cure: 'Name the region in the code where that is not meant.' }];
  }

  async function look(profile: ConfiguredProfile, signal: AbortSignal): Promise<DoctorFinding[]> {
    const id = `profile-${profile.id}`;
    try {
      const provider = await sessions.provider(profile);
      const call = { signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]) };
      const found = await provider.check(call);
      return found.map((each, at) => ({
        ...each,
        id: at === 0 ? id : `${id}-${at + 1}`,
        detail: `${profile.label}: ${each.detail}`
      }));
    } catch (error) {
      return [{ id, state: 'failed', detail: `${profile.label}: ${sessions.words(error).message}` }];
    }
  }

  async function findings(signal: AbortSignal): Promise<DoctorFinding[]> {
    const profiles = await sessions.profiles();
    if (profiles.length === 0) {
      const cure = 'Name one in the section "profiles" of the configuration file.';
      return [{ id: 'profiles', state: 'warning', detail: 'There is no profile.', cure }];
    }
    const [file, configured, place, asked, ...providers] = await Promise.all([
      sharedFile(),
      configuration(),
      region(),
      endpoint(),
      ...profiles.map(profile => look(profile, signal))
    ]);
    return [variables(), file, configured, asked, ...place, ...providers.flat()];
  }

  /** Changes one of the shared files, as it is then. */
  async function change(file: SharedFile, how: (text: string) => string | undefined): Promise<boolean> {
    return exclusive.run('aws-files', async () => {
      const after = how(await file.read());
      if (after === undefined) return false;
      await file.write(after);
      return true;
    });
  }

  const fixes: Record<string, () => Promise<boolean>> = {
    'rename-section': () =>
      change(credentials, text =>
        giverOf(text, section) === undefined ? undefined : renamed(text, section, `${section}-before-lakeside`).text
      ),
    async 'withhold-variables'() {
      const set = options.isCommand ? [] : shadowing();
      await choices.change(all => ({ ...all, withheld: [...all.withheld, ...set] }));
      return set.length > 0;
    },
    async 'give-variables'() {
      const { withheld } = choices.read();
      await choices.change(all => ({ ...all, withheld: [] }));
      return withheld.length > 0;
    },
    async 'write-region'() {
      const wanted = await wantedRegion();
      return change(config, text =>
        wanted === undefined || settingOf(text, section, 'region') !== undefined
          ? undefined
          : withRegion(text, section, wanted.region)
      );
    }
  };

  return {
    findings,
    async fix(id, signal) {
      const done = Object.hasOwn(fixes, id) && (await fixes[id]?.());
      if (done !== true) {
        throw new ProblemError('conflict', 'There is nothing to mend there any more. Look again with the doctor.');
      }
      return findings(signal);
    }
  };
}
