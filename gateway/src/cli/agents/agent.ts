/** What an agent is pointed at. */
export interface Destination {
  /** Of the gateway, without a slash at its end. */
  url: string;
  key: string;
  /** Undefined: what the agent would take by itself, which the gateway serves by its name. */
  model: string | undefined;
  /** For small tasks beside the work (titles, summaries). */
  smallModel: string | undefined;
  /** Names that can be chosen from. */
  models: readonly string[];
}

/** How an agent is started so that it talks to the gateway and nothing of the user's own settings is changed. */
export interface Start {
  /** Variables set or, where undefined, taken out. The key is in here and nowhere else: a command line can be seen by others. */
  env: Readonly<Record<string, string | undefined>>;
  /** Put before the user's own. */
  args: readonly string[];
  home?: Home;
}

/** A home of its own for an agent that takes what matters from a file there, with all else of the user's in it. */
export interface Home {
  /** Says where it is. */
  variable: string;
  /** The agent's folder in a home. */
  folder: string;
  /** The user's own such folder; undefined where there is no home. */
  from: string | undefined;
  /** Files that stand in place of the user's: name -> text. */
  files: Readonly<Record<string, string>>;
}

/** Headers of every request: what the agent says and a model cannot take is left out, with a record, instead of refused. */
export const agentHeaders: Readonly<Record<string, string>> = { 'x-sluice-drop-params': 'true' };

/** What an agent may look at of the user's. */
export interface World {
  env: Readonly<Record<string, string | undefined>>;
  home: string | undefined;
  /** The text of a file; undefined if there is none. */
  read(path: string): string | undefined;
}

/** A command-line agent. */
export interface Agent {
  /** Also its command's. */
  name: string;
  label: string;
  /** The package on npm. */
  install: string;
  /** Models that suit it, best first. */
  prefers: readonly RegExp[];
  /** The provider of the models that it asks for by itself. */
  vendor?: string;
  start(destination: Destination, world: World): Start;
}
