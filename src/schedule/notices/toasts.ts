import type { Client } from '../../../contract/client.js';
import type { NoticeKind, Toast } from '../../../contract/schedule/news.js';
import { scheduleRoutes } from '../../../contract/schedule/routes.js';

/** How a message looks. */
export type MessageKind = 'error' | 'warning' | 'success' | 'info';

const KINDS: Readonly<Record<NoticeKind, MessageKind>> = {
  failure: 'error',
  late: 'warning',
  recovery: 'success',
  success: 'success',
  notify: 'info'
};

/** What showing messages needs. */
export interface IToastsOptions {
  client: Client;
  /** Whether the person looks at this tab. */
  isSeen: () => boolean;
  wait: (milliseconds: number) => Promise<void>;
  show: (toast: Toast, kind: MessageKind) => void;
}

/** So long a tab that nobody looks at leaves a message to the one that is looked at. Milliseconds. */
const COURTESY_MS = 1_500;

/** Shows messages, each once over all tabs: whoever claims it first shows it. */
export class Toasts {
  constructor(options: IToastsOptions) {
    this._options = options;
  }

  /** Takes a message, and shows it where no other tab did. Never throws. */
  async take(toast: Toast): Promise<void> {
    if (this._taken.has(toast.id)) return;
    this._taken.add(toast.id);
    const { client, isSeen, wait, show } = this._options;
    try {
      if (!isSeen()) await wait(COURTESY_MS);
      const { mine } = await client.call(scheduleRoutes.claimToast, { params: { toastId: toast.id }, body: {} });
      if (mine) show(toast, KINDS[toast.kind]);
    } catch {
      // It is told again with the next connection.
      this._taken.delete(toast.id);
    }
  }

  private readonly _options: IToastsOptions;
  private readonly _taken = new Set<string>();
}
