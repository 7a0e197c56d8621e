import type { PickFunction, Strategy } from '../strategy.ts';

/** A strategy that is only a function. What it throws fails the call. */
export const customStrategy = <P>(pick: PickFunction<P>, name = pick.name === '' ? 'custom' : pick.name): Strategy<P> => ({ name, pick });
