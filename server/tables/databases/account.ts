import { ProblemError } from '../../../contract/problem.js';
import type { Account, Secret } from '../../configuration/secret.js';

/** Who signs in to a database, and with what. */
export interface DatabaseAccount {
  user: string;
  password: string | undefined;
}

/** Reads the account of a source anew each time: a file or a profile may hold a newer one. */
export interface AccountReader {
  /** @throws ProblemError `credential-signin` where a person has to sign in first, `invalid` */
  read: () => Promise<DatabaseAccount>;
  /** The profile of credentials it takes the password from. */
  credential?: string | undefined;
}

interface Given {
  user?: string | undefined;
  password?: Secret | undefined;
}

interface Surroundings {
  readSecret: (reference: Secret) => Promise<string>;
  readAccount?: ((reference: Secret) => Promise<Account>) | undefined;
  /** Where the settings stand. */
  settings: string;
}

/** The account that the settings of a source name. */
export function accountOf(
  { user, password }: Given,
  { readSecret, readAccount, settings }: Surroundings
): AccountReader {
  const credential = password !== undefined && 'credential' in password ? password.credential : undefined;
  const given = async (): Promise<Partial<Account>> => {
    if (password === undefined) return {};
    return readAccount === undefined ? { secret: await readSecret(password) } : readAccount(password);
  };
  return {
    credential,
    async read() {
      const { user: owner, secret } = await given();
      const who = user ?? owner;
      if (who === undefined) {
        throw new ProblemError(
          'invalid',
          `Nobody says who signs in: neither user of ${settings} nor ${credential === undefined ? 'its password' : `the profile ${credential}`}. Write user into either.`
        );
      }
      if (owner !== undefined && owner !== who) {
        throw new ProblemError(
          'invalid',
          `The profile ${credential ?? ''} is signed in as ${owner}, and user of ${settings} is ${who}. Take user out there, or sign in as ${who}.`
        );
      }
      return { user: who, password: secret };
    }
  };
}

/** What the connections of a source know of their account. */
export interface SignedIn {
  /** Reads the account for a new connection. */
  read: () => Promise<DatabaseAccount>;
  /** Whose connections there are, as far as is known, for sentences. */
  user: () => string;
  secret: () => string | undefined;
  /**
   * Whether the profile says something else than when it was read last: then no open connection is to be used.
   *
   * @throws ProblemError `credential-signin`
   */
  hasChanged: () => Promise<boolean>;
}

/** @param named - the user that the settings name */
export function createSignedIn(account: AccountReader, named: string | undefined): SignedIn {
  let seen: DatabaseAccount | undefined;
  const read = async (): Promise<DatabaseAccount> => (seen = await account.read());
  return {
    read,
    user: () => seen?.user ?? named ?? 'the user of its profile',
    secret: () => seen?.password,
    async hasChanged() {
      const before = seen;
      // A newer file counts at the next connection; who signs out means the open ones too.
      if (account.credential === undefined || before === undefined) return false;
      const now = await read();
      return now.user !== before.user || now.password !== before.password;
    }
  };
}
