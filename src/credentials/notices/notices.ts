import type { JupyterFrontEnd } from '@jupyterlab/application';
import { CommandIDs } from '../../commands.js';
import { ask, failed } from '../notify.js';
import { isFirst } from '../once.js';
import { standingOf } from '../standing.js';
import type { CredentialsWatch } from '../watch/watch.js';
import { timeLeft } from '../words.js';
import { remindersOf } from './reminders.js';
import type { IReminder } from './reminders.js';

/** How often the end of sessions is looked at, in milliseconds. */
const LOOK_MS = 5_000;
/** A tab that nobody looks at leaves a message to the one that is looked at, for so long. Milliseconds. */
const COURTESY_MS = 1_500;
/** How long the first prompt is seen; it stays among the notifications. Milliseconds. */
const FIRST_MS = 20_000;
/** More buttons than these would be a list: that is what the panel is for. */
const BUTTONS = 2;
/** So many letters of names fit on two buttons of one line. */
const LETTERS = 14;

/** Asks for the first sign-in, once, and reminds of the end of sessions. */
export function showNotices(options: { app: JupyterFrontEnd; watch: CredentialsWatch }): void {
  const { app, watch } = options;
  const { model } = watch;
  const open = () => void app.commands.execute(CommandIDs.credentials);
  const taken = new Map<string, { session: string | undefined; dismiss: () => void }>();
  const told = new Set<string>();
  const take = (id: string) => {
    taken.get(id)?.dismiss();
    taken.delete(id);
  };
  const look = () => {
    const profiles = model.state.overview?.profiles ?? [];
    const reminders = remindersOf(profiles, model.now());
    for (const profile of profiles) {
      // New keys came, without the person or in another tab: nothing ends soon any more.
      const isPast = reminders.every(({ profile: { id } }) => id !== profile.id);
      if (isPast && standingOf(profile, model.now()).state === 'active') take(profile.id);
    }
    for (const reminder of reminders) {
      if (told.has(reminder.key)) continue;
      told.add(reminder.key);
      const show = () => {
        if (!isFirst(reminder.profile.id, reminder.key, localStorage)) return;
        take(reminder.profile.id);
        taken.set(reminder.profile.id, { session: reminder.profile.session?.id, dismiss: remind(reminder, watch) });
      };
      if (document.hidden) setTimeout(show, COURTESY_MS);
      else show();
    }
  };
  const prompt = () => {
    if ((model.state.overview?.profiles.length ?? 0) === 0) return;
    model.stateChanged.disconnect(prompt);
    setTimeout(() => promptFirst(watch, open), document.hidden ? COURTESY_MS : 0);
  };
  // What was said of a session that is no more is taken away.
  model.signedIn.connect((_, { id, session }) => {
    if (taken.get(id)?.session !== session?.id) take(id);
  });
  model.stateChanged.connect(prompt);
  model.stateChanged.connect(look);
  setInterval(look, LOOK_MS);
  prompt();
  look();
}

function remind({ profile }: IReminder, { model, signIns, trans }: CredentialsWatch): () => void {
  const { left = 0 } = standingOf(profile, model.now());
  // Rounded up: what is said at the mark of ten minutes is "10 min".
  const words = left > 60_000 ? trans.__('%1 min', Math.ceil(left / 60_000)) : timeLeft(left, trans);
  const signIn = { label: trans.__('Sign in'), run: () => void signIns.signIn(profile.id) };
  const renew = {
    label: trans.__('Refresh'),
    run: () =>
      void model
        .renew(profile.id)
        .catch((error: unknown) => failed(trans.__('%1 has no new keys.', profile.label), error, trans))
  };
  const later = { label: trans.__('Later'), run: () => undefined };
  const action = profile.session?.renewable === true && !profile.autoRefresh ? renew : signIn;
  return ask(trans.__('Your session of %1 ends in %2.', profile.label, words), 'warning', false, [action, later]);
}

function promptFirst({ model, signIns, trans }: CredentialsWatch, open: () => void): void {
  const { profiles = [] } = model.state.overview ?? {};
  const isNobody = profiles.every(({ state, signIn }) => state === 'signed-out' && signIn === undefined);
  const names = profiles.map(({ id }) => id).join();
  if (
    !isNobody ||
    !isFirst(`first:${location.pathname.replace(/\/(lab|tree|notebooks)\b.*/, '')}`, names, localStorage)
  ) {
    return;
  }
  const buttons = profiles.map(({ id, label }) => ({
    label: trans.__('Sign in to %1', label),
    run: () => void signIns.signIn(id)
  }));
  const letters = profiles.reduce((sum, { label }) => sum + label.length, 0);
  const others = { label: trans.__('Other profiles'), run: open };
  const few = profiles.length > 1 && letters > LETTERS ? [...buttons.slice(0, 1), others] : buttons;
  const actions = profiles.length > BUTTONS ? [{ label: trans.__('Open Credentials'), run: open }] : few;
  ask(trans.__('Sign in once, and every notebook here has keys.'), 'info', FIRST_MS, actions);
}
