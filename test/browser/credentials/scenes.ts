import type { DoctorFinding, Profile, SignIn } from '../../../contract/credentials/index.js';
import { profileOf, sessionOf, within } from './fakes.js';

// States as the server tells them, in words of its own.

const SILENT =
  'id.example.org does not answer: connection refused. Check the network; keys in force stay until they end.';

const dev = (more: Partial<Profile> = {}): Profile =>
  profileOf('dev', { label: 'Development', description: 'Buckets of the team.', colour: 'green', ...more });
const prod = (more: Partial<Profile> = {}): Profile =>
  profileOf('prod', {
    label: 'Live data',
    description: 'What customers see.',
    kind: 'iam-mfa',
    colour: 'red',
    production: true,
    method: 'code',
    ...more
  });
const warehouse = (more: Partial<Profile> = {}): Profile =>
  profileOf('warehouse', { label: 'Warehouse', kind: 'database', opens: 'database', method: 'password', ...more });

/** What the status bar says of one profile in use. */
export const STATUS: Record<string, { profile: () => Profile; says: RegExp }> = {
  'signed-out': { profile: () => dev(), says: /^○ Development · signed out$/ },
  'signing-in': { profile: () => dev({ signIn: '01JD0000000000000000000001' }), says: /^◐ Development · signing in$/ },
  active: { profile: () => dev(sessionOf(432)), says: /^● Development · 7 h 12 m$/ },
  'without-end': { profile: () => dev(endless()), says: /^● Development · signed in$/ },
  'under-30': { profile: () => dev(sessionOf(29)), says: /^● Development · 29 min$/ },
  'under-10': { profile: () => dev(sessionOf(9)), says: /^! Development · ends in 9 min$/ },
  'under-1': { profile: () => dev(sessionOf(0.3)), says: /^! Development · ends in \d+ s$/ },
  expired: { profile: () => dev(sessionOf(-2)), says: /^✕ Development · session ended$/ },
  production: { profile: () => prod(sessionOf(61)), says: /^● Live data · production · 1 h 1 m$/ },
  renewing: { profile: () => dev(renewing()), says: /^● Development · 9 h 0 m$/ },
  'by-hand': { profile: () => dev({ ...renewing(), autoRefresh: false }), says: /^● Development · 40 min$/ },
  unreachable: {
    profile: () => dev({ ...renewing(), trouble: { message: SILENT, code: 'credential-unreachable' } }),
    says: /^! Development · not renewed · 40 min$/
  }
};

/** Three profiles of three kinds, each in another state. */
export const profiles = (): Profile[] => [
  dev({ ...renewing(), trouble: { message: SILENT, code: 'credential-unreachable' } }),
  prod(sessionOf(9)),
  warehouse()
];

/** The same, all well. */
export const wellProfiles = (): Profile[] => [
  dev(renewing()),
  prod(sessionOf(61)),
  warehouse({ ...endless(), method: 'password' })
];

export const ROLES = [
  { id: 'reader', label: 'Reader', description: 'Reads all buckets of the team.', current: true },
  { id: 'admin', label: 'Admin', description: 'May delete everything. Asked for on purpose.', current: false }
];

/** Steps of a sign-in, and how it ends. */
export const steps = (): Record<string, { profile: 'dev' | 'prod' | 'warehouse'; signIn: Partial<SignIn> }> => ({
  waiting: { profile: 'dev', signIn: { step: { kind: 'provider' } } },
  device: {
    profile: 'dev',
    signIn: {
      step: {
        kind: 'device',
        userCode: 'WDJB-MJHT',
        verificationUri: 'https://id.example.org/device',
        verificationUriComplete: 'https://id.example.org/device?user_code=WDJB-MJHT',
        endsAt: within(9.5)
      }
    }
  },
  // Of another tab, and too late.
  'device-over': {
    profile: 'dev',
    signIn: {
      id: '01JD0000000000000000000001',
      step: {
        kind: 'device',
        userCode: 'WDJB-MJHT',
        verificationUri: 'https://id.example.org/device',
        endsAt: within(-0.1)
      }
    }
  },
  browser: {
    profile: 'dev',
    signIn: {
      step: { kind: 'browser', url: 'https://id.example.org/authorize?client_id=lakeside', endsAt: within(9.5) }
    }
  },
  digits: { profile: 'prod', signIn: { step: { kind: 'code', digits: 6, device: 'ada', triesLeft: 3 } } },
  'wrong-digits': {
    profile: 'prod',
    signIn: {
      step: {
        kind: 'code',
        digits: 6,
        device: 'arn:aws:iam::123456789012:mfa/ada',
        triesLeft: 2,
        trouble: 'AWS does not take this code: it is wrong, or was used already. Wait for the next one.'
      }
    }
  },
  password: { profile: 'warehouse', signIn: { step: { kind: 'password', user: 'ada', triesLeft: 3 } } },
  'user-and-password': { profile: 'warehouse', signIn: { step: { kind: 'password', triesLeft: 3 } } },
  denied: {
    profile: 'dev',
    signIn: {
      state: 'failed',
      trouble: {
        message: 'You, or somebody at id.example.org, said no to Development. Begin again if that was not meant.',
        code: 'credential-refused'
      }
    }
  },
  expired: {
    profile: 'dev',
    signIn: {
      state: 'failed',
      trouble: { message: 'The code for Development has ended. Begin again for a new one.', code: 'credential-signin' }
    }
  },
  cancelled: { profile: 'dev', signIn: { state: 'cancelled' } }
});

/** What the doctor finds where much is wrong. */
export const FINDINGS: DoctorFinding[] = [
  {
    id: 'variables',
    state: 'failed',
    detail:
      'Kernels inherit AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, which come before every sign-in and are never renewed.',
    cure: 'Take them out of the kernels that run and of those that start from now on. Jupyter itself keeps them.',
    fix: { id: 'withhold-variables', label: 'Take them out' }
  },
  {
    id: 'shadowing-file',
    state: 'failed',
    detail: '/home/ada/.aws/credentials gives keys to [default] by aws_access_key_id, which wins over every sign-in.',
    cure: 'Give the section another name. Its keys stay there for whoever asks for it by that name.',
    fix: { id: 'rename-section', label: 'Rename [default]' }
  },
  { id: 'config-file', state: 'ok', detail: '/home/ada/.aws/config gives no keys.' },
  {
    id: 'endpoint',
    state: 'failed',
    detail: 'http://127.0.0.1:41234/aws/credentials/active does not answer: connect ECONNREFUSED 127.0.0.1:41234.',
    cure: 'Start Jupyter again, then the kernels.'
  },
  {
    id: 'region',
    state: 'warning',
    detail: 'Kernels have no region: clients ask for one.',
    cure: 'Write eu-west-1 into /home/ada/.aws/config.',
    fix: { id: 'write-region', label: 'Set eu-west-1' }
  },
  {
    id: 'profile-dev',
    state: 'warning',
    detail: 'Development: The clock of this machine is 7 minutes behind that of id.example.org.',
    cure: 'Set it by the time service of this machine, then look again.'
  }
];

/** What it finds where all is well. */
export const HEALTHY: DoctorFinding[] = FINDINGS.map(({ id }) => ({
  id,
  state: 'ok',
  detail:
    id === 'endpoint' ? 'Kernels get keys at http://127.0.0.1:41234/aws/credentials/active.' : `Nothing wrong: ${id}.`
}));

function renewing(): Partial<Profile> {
  return sessionOf(40, { renewable: true, renewableUntil: within(540.5) });
}

function endless(): Partial<Profile> {
  return { state: 'active', session: { id: 'session-1', identity: { name: 'ada' }, renewable: false } };
}
