import type { SignIn, SignInStep } from '../../../contract/credentials/index.js';
import { ProblemError } from '../../../contract/problem.js';
import { readArguments } from '../arguments.js';
import { note, plain, progress } from '../output.js';
import { ask } from './prompt.js';
import { meant, printProfile, withCredentials } from './session.js';
import type { CredentialSession } from './session.js';
import { loginUsage } from './usages.js';

/** How often a sign-in that waits for something elsewhere is looked at, in milliseconds. */
const LOOK = 300;

/** `lakeside credentials login`: signs in, asking for what the profile wants. */
export async function login(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    { role: { type: 'string' }, 'no-switch': { type: 'boolean' } },
    { min: 0, max: 1, usage: loginUsage }
  );
  return withCredentials(async session => {
    const { service, caller, ids } = session;
    const id = meant(positionals[0], await service.overview(caller));
    const wanted = { signInId: ids.next(), role: values.role, activate: values['no-switch'] !== true };
    const ended = await follow(session, await service.signIn(caller, id, wanted));
    if (ended.state !== 'succeeded') {
      throw new ProblemError('credential-refused', ended.trouble?.message ?? 'The sign-in was cancelled.');
    }
    const { profiles, now } = await service.overview(caller);
    for (const profile of profiles) if (profile.id === id) printProfile(profile, now);
    return 0;
  });
}

/** Takes a sign-in to its end. */
async function follow({ service, caller }: CredentialSession, begun: SignIn): Promise<SignIn> {
  let told = begun;
  let shown = '';
  while (told.state === 'waiting') {
    const { step } = told;
    if (step?.kind === 'code' || step?.kind === 'password') {
      told = await service.answer(caller, told.id, await answerTo(step));
      continue;
    }
    const words = elsewhere(step);
    if (words !== shown && words !== '') note(plain(words));
    shown = words;
    progress('Waiting …');
    await new Promise(resolve => setTimeout(resolve, LOOK));
    progress(undefined);
    told = service.signInState(caller, told.id);
  }
  return told;
}

async function answerTo(
  step: Extract<SignInStep, { kind: 'code' | 'password' }>
): Promise<Parameters<CredentialSession['service']['answer']>[2]> {
  if (step.trouble !== undefined) note(plain(step.trouble));
  if (step.kind === 'password') {
    const user = step.user ?? (await ask('User: '));
    return { kind: 'password', user, password: await ask(`Password of ${plain(user)}: `, { isHidden: true }) };
  }
  for (;;) {
    const code = (await ask(`${step.digits} digits of ${plain(step.device)}: `)).replace(/\s/g, '');
    if (/^\d{6,8}$/.test(code)) return { kind: 'code', code };
    if (!process.stdin.isTTY) throw new ProblemError('bad-request', 'A code is six digits, and nothing else.');
    note('A code is six digits, and nothing else.');
  }
}

/** What the person is to do elsewhere. */
function elsewhere(step: SignInStep | undefined): string {
  if (step?.kind === 'browser') return `Open this page in your browser: ${step.url}`;
  if (step?.kind !== 'device') return '';
  return `Open ${step.verificationUriComplete ?? step.verificationUri} and confirm the code ${step.userCode}`;
}
