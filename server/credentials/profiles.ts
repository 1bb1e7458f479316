import type { ProfileColour } from '../../contract/credentials/index.js';
import type { CredentialProvider } from './ports.js';

/** A profile of the configuration. */
export interface ConfiguredProfile {
  id: string;
  label: string;
  description: string;
  kind: string;
  colour: ProfileColour;
  production: boolean;
  /** Of AWS, where its keys are got. */
  region?: string;
  /** Stands for its settings without secrets: sessions of other settings are not its own. */
  fingerprint: string;
}

/** The profiles that there are; the composition makes them from the configuration. */
export interface Profiles {
  /** @throws ProblemError `invalid` where the configuration cannot be read and never could */
  list(): Promise<ConfiguredProfile[]>;
  /** Makes the provider of one. @throws ProblemError `not-found`; what is wrong with its settings */
  make(id: string): Promise<CredentialProvider>;
}
