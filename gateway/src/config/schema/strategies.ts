import { strategyNames } from 'sluice/kit';
import { looserStrategies, litellmStrategies } from '../strategy.ts';

const [first = '', ...others] = [...new Set([...strategyNames, ...litellmStrategies, ...Object.keys(looserStrategies)])];

/** Every name that a strategy goes by, at least one. */
export const strategyChoices: readonly [string, ...string[]] = [first, ...others];
