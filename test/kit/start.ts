import { startGateway } from './gateway.ts';
import { protocolsAlone } from './protocols-alone.ts';
import type { Sluice } from './sluice.ts';

/** Why only the protocols are under test, or undefined if the whole gateway is. */
export const protocolsOnly = (): string | undefined =>
  process.env['SLUICE_REPLAY'] === 'protocols' ? 'SLUICE_REPLAY=protocols leaves the gateway out' : undefined;

/** What the replay suites talk to. */
export const startSluice = async (): Promise<Sluice> => (protocolsOnly() === undefined ? startGateway() : protocolsAlone());
