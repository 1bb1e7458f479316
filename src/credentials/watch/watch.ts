import type { TranslationBundle } from '@jupyterlab/translation';
import { ulid } from 'ulid';
import type { Client } from '../../../contract/client.js';
import type { Profile } from '../../../contract/credentials/records.js';
import { isPassing } from '../../api/failures.js';
import { pause } from '../../api/http.js';
import type { ILakesideApi } from '../../tokens.js';
import { CredentialsModel } from '../credentialsModel.js';
import { done, failed } from '../notify.js';
import type { IDone } from '../notify.js';
import { SignIns } from '../signIn/signIns.js';
import { timeLeft, whoWords } from '../words.js';
import { standingOf } from '../standing.js';
import { OverviewNews } from './overviewNews.js';

/** What somebody who has signed in may want to do next. */
export type Offer = (profile: Profile) => IDone | undefined;

/** What is known of sign-ins in this tab. */
export interface CredentialsWatch {
  client: Client;
  trans: TranslationBundle;
  model: CredentialsModel;
  signIns: SignIns;
  /** What is offered after a sign-in; the first that offers something is shown. */
  offers: Offer[];
}

/** How often somebody looks for a first profile while there is none, in milliseconds. */
const LOOK_MS = 300_000;
/** The same while the sidecar starts. */
const STARTING_MS = 5_000;

/** Loads what is known of sign-ins; follows the news where a profile is configured. */
export async function createWatch(options: {
  api: ILakesideApi;
  trans: TranslationBundle;
  returnFocus: () => void;
}): Promise<CredentialsWatch> {
  const { api, trans, returnFocus } = options;
  const [client, background] = await Promise.all([api.client(), api.background()]);
  const model = new CredentialsModel({ client, background, clock: Date.now });
  const news = new OverviewNews({
    base: api.baseUrl,
    client: background,
    hear: overview => model.hear(overview),
    wait: pause,
    locks: 'locks' in navigator ? navigator.locks : undefined
  });
  const signIns = new SignIns({
    client,
    background,
    model,
    trans,
    newId: () => ulid(),
    wait: pause,
    failed: (message, error) => failed(message, error, trans),
    returnFocus
  });
  const offers: Offer[] = [];
  model.stateChanged.connect((_, { overview }) => {
    if ((overview?.profiles.length ?? 0) > 0) news.start();
  });
  model.signedIn.connect((_, profile) => {
    const offer = offers.map(each => each(profile)).find(each => each !== undefined);
    if (signIns.tookPart(profile.id) || offer !== undefined) done(signedInWords(profile, model, trans), offer);
  });
  // What shows it has a state of its own for the time until the first answer.
  void model.refresh().then(() => look(model));
  return { client, trans, model, signIns, offers };
}

/** Nobody holds a connection for profiles that are not there. */
async function look(model: CredentialsModel): Promise<void> {
  while (!model.isDisposed && (model.state.overview?.profiles.length ?? 0) === 0) {
    await pause(isPassing(model.state.error) ? STARTING_MS : LOOK_MS);
    await model.refresh();
  }
}

function signedInWords(profile: Profile, model: CredentialsModel, trans: TranslationBundle): string {
  const who = whoWords(profile, trans) ?? '';
  const { left } = standingOf(profile, model.now());
  return left === undefined
    ? trans.__('Signed in to %1 as %2.', profile.label, who)
    : trans.__('Signed in to %1 as %2, for %3.', profile.label, who, timeLeft(left, trans));
}
