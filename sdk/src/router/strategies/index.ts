import type { Strategy } from '../strategy.ts';
import { simpleShuffle } from './simple-shuffle.ts';

/** Every strategy by its name in `routing_strategy`. A new one is a file here and a line. */
export const strategies: Readonly<Record<string, <P>() => Strategy<P>>> = {
  'simple-shuffle': simpleShuffle,
};
