import type { Target } from '../../types/index.ts';
import { checkedUrl } from '../url.ts';

/** What only Vertex AI itself knows of a target. */
export interface VertexPlace {
  /** Undefined where there is none (yet). */
  projectOf(target: Target): string | undefined;
  locationOf(target: Target): string | undefined;
}

/** The address of another of Google's services, or of the gateway that stands for all of them. */
export const serviceRoot = ({ baseUrl, provider }: Target, own: string): string => {
  if (baseUrl === undefined) return own;
  const { origin, hostname } = checkedUrl(baseUrl, provider);
  return hostname.endsWith('.googleapis.com') ? own : origin;
};
