import type { WireEvent } from '../../types/index.ts';
import { asString, parseObject } from '../shared/read.ts';

const firstMember = /^\{"type":\s*"([^"]*)"/;

/** An event's type without parsing it, wherever that can be: from its name, else from the first member of its data. */
export const typeOf = ({ event, data }: WireEvent): string =>
  event ?? firstMember.exec(data)?.[1] ?? asString(parseObject(data)?.['type']) ?? '';
