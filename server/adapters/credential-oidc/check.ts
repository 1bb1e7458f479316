import { ProblemError } from '../../../contract/problem.js';
import type { Finding } from '../../ports.js';
import type { Sts } from '../common/sts/client.js';
import { StsProblem } from '../common/sts/problems.js';
import { openClient } from './client.js';
import type { OidcOptions } from './client.js';

/** From which difference on a clock is worth a word, in milliseconds. */
const SKEWED = 60_000;

/** Whether provider and security token service answer, the provider is the one that is meant, and clocks agree. */
export async function checkOidc(options: OidcOptions, sts: Sts, signal: AbortSignal): Promise<Finding[]> {
  return (await Promise.all([checkProvider(options, signal), checkSts(sts, signal)])).flat();
}

async function checkProvider(options: OidcOptions, signal: AbortSignal): Promise<Finding[]> {
  const { settings, where } = options;
  try {
    const { metadata, names, door } = await openClient(options, signal);
    const findings: Finding[] = [{ state: 'ok', detail: `${names.host} answers, and is ${metadata.issuer}.` }];
    if (settings.flow === 'device' && metadata.device_authorization_endpoint === undefined) {
      findings.push({
        state: 'failed',
        detail: `${names.host} does not sign in by device codes.`,
        cure: `Write "flow: code" in ${where}, or ask whoever runs the provider to allow them.`
      });
    }
    return [...findings, ...clockOf(door.ahead(), names.host)];
  } catch (error) {
    return [failure(error)];
  }
}

function clockOf(ahead: number | undefined, host: string): Finding[] {
  if (ahead === undefined) return [];
  const seconds = Math.round(Math.abs(ahead) / 1000);
  if (Math.abs(ahead) <= SKEWED) return [{ state: 'ok', detail: `The clock here agrees with that of ${host}.` }];
  return [
    {
      state: 'warning',
      detail: `The clock of this machine is ${seconds} seconds ${ahead > 0 ? 'behind' : 'ahead'}, against that of ${host}.`,
      cure: 'Set the clock, by the time service of the machine (timedatectl set-ntp true): tokens and keys are refused otherwise.'
    }
  ];
}

async function checkSts(sts: Sts, signal: AbortSignal): Promise<Finding[]> {
  try {
    // Nobody signs it, so a service refuses it: that is an answer.
    await sts.call('GetCallerIdentity', {}, { signal });
  } catch (error) {
    if (!(error instanceof StsProblem) || error.refusal.status >= 500) return [failure(error)];
  }
  return [{ state: 'ok', detail: 'The security token service answers.' }];
}

function failure(error: unknown): Finding {
  if (error instanceof ProblemError) return { state: 'failed', detail: error.message };
  throw error;
}
