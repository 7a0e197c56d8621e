import { readFileSync } from 'node:fs';
import { treeOf } from './processes.ts';

/** The unit of utime and stime. USER_HZ is 100 on every Linux that there is. */
const ticksPerSecond = 100;

/** CPU that a process and its descendants have used so far: user and system, in seconds. */
export const cpuSeconds = (pid: number): number => {
  let ticks = 0;
  for (const each of treeOf(pid)) {
    // The command's name, which may hold anything, ends with the last parenthesis.
    const fields = readFileSync(`/proc/${each}/stat`, 'utf8').replace(/^.*\)/s, '').trim().split(' ');
    ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks / ticksPerSecond;
};

/** Resident memory of one process, in MB (10^6 bytes). */
export const rssMb = (pid: number): number => {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return (Number(kib) * 1024) / 1e6;
};
