/** How a command went: `redirect` is a cluster's or a script's way of saying "ask differently". */
export type CommandResult = 'ok' | 'redirect' | 'refused' | 'timeout' | 'lost' | 'down';

/** Is told what the connections do. For metrics and one log line a change. */
export interface RedisObserver {
  command(result: CommandResult, seconds: number): void;
  /** @param node `host:port` */
  up(node: string): void;
  /** @param why a few words without secrets */
  down(node: string, why: string): void;
}
