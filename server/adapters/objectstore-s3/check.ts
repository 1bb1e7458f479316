import type { Finding, PluginSurroundings } from '../../plugins/plugin.js';
import { openBucket } from './bucket.js';
import type { S3Settings } from './settings.js';
import type { Verdict } from './verdict.js';
import { renewVerdict } from './verdict.js';

/** A clock that is wrong by more is worth a word. Seconds. */
const SKEW = 60;

/** Asks a bucket anew what it honours, and says what follows from it. Throws where it cannot be used. */
export async function checkBucket(settings: S3Settings, surroundings: PluginSurroundings): Promise<Finding[]> {
  const bucket = openBucket(settings, surroundings);
  try {
    const verdict = await renewVerdict(bucket);
    const { server, bucket: name } = bucket.place;
    const where = bucket.root === '' ? name : `${name}/${bucket.root}`;
    return [
      { state: 'ok', detail: `${where} at ${server} can be written, read, listed and tidied` },
      conditions(verdict),
      ...others(verdict)
    ];
  } finally {
    bucket.client.destroy();
  }
}

function conditions({ ifAbsent, multipartIfAbsent }: Verdict): Finding {
  if (ifAbsent === 'exact') {
    const parts = multipartIfAbsent ? 'also' : 'but not';
    return {
      state: 'ok',
      detail: `conditional writes (If-None-Match) have one winner, ${parts} for uploads in parts`
    };
  }
  const what = ifAbsent === 'racy' ? 'let several writers win at once' : 'are ignored';
  return {
    state: 'ok',
    detail: `conditional writes ${what}, so Lakeside does without: nothing can be lost, two shares at once may fork`
  };
}

function others({ multipart, listsAtOnce, listsSorted, refusesDamaged, clockAhead }: Verdict): Finding[] {
  const findings: (Finding | undefined)[] = [
    multipart
      ? undefined
      : {
          state: 'failed',
          detail: 'uploads in parts fail, so nothing above 8 MB can be shared',
          cure: 'Let the key create multipart uploads and put their parts, or update the server.'
        },
    listsAtOnce
      ? undefined
      : {
          state: 'warning',
          detail: 'lists are behind what was written, so new shares may show late for other people',
          cure: 'Use a bucket without asynchronous replication or caches in front of it.'
        },
    listsSorted
      ? undefined
      : { state: 'ok', detail: 'lists come in another order than that of bytes, so they are sorted here' },
    refusesDamaged
      ? undefined
      : {
          state: 'warning',
          detail: 'bytes that do not fit their checksum are taken',
          cure: 'Use https, so that the connection checks them.'
        },
    Math.abs(clockAhead) < SKEW
      ? undefined
      : {
          state: 'warning',
          detail: `the server's clock is ${Math.abs(clockAhead)} s ${clockAhead > 0 ? 'ahead of' : 'behind'} this one; from 15 minutes on it refuses everything`,
          cure: 'Set both clocks right (NTP).'
        }
  ];
  return findings.filter(finding => finding !== undefined);
}
