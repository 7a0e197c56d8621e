import type { WireId } from '../upstream/server.ts';
import type { Call } from '../upstream/wire.ts';

/** A command-line agent, as a user starts it for one task. */
export interface Agent {
  /** Its command, and its name for `sluice run`. */
  name: string;
  /** The package whose program it is; its path inside. `{platform}`: as npm's packages are named, linux-x64. */
  program: string;
  /** The format it speaks. */
  wire: WireId;
  /** Does a task without asking anybody. */
  args(prompt: string): string[];
  env?: Readonly<Record<string, string>>;
  /** How the model asks it for a file, and to write one. Paths are absolute. */
  read(path: string): Pick<Call, 'name' | 'args'>;
  write(path: string, text: string): Pick<Call, 'name' | 'args'>;
  /** Whether what the model thought comes back, in front of this format. */
  keepsThoughts(wire: WireId): boolean;
}
