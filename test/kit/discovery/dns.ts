import { createSocket } from 'node:dgram';
import type { AddressInfo } from 'node:net';

export type DnsRecord =
  | { type: 'A'; address: string; ttl?: number }
  | { type: 'AAAA'; bytes: readonly number[]; ttl?: number }
  | { type: 'SRV'; priority: number; weight: number; port: number; target: string; ttl?: number };

/** A DNS server on loopback, over UDP. */
export interface FakeDns {
  /** `127.0.0.1:12345`. */
  address: string;
  /** `name type`, a question each. */
  questions: string[];
  set(name: string, records: readonly DnsRecord[]): void;
  /** 0 and undefined: as there are records. 2: it fails. 3: no such name. `silent`: no answer at all. */
  answerWith(code: number | 'silent' | undefined): void;
  stop(): Promise<void>;
}

const types = { A: 1, AAAA: 28, SRV: 33 } as const;

/** RFC 1035, section 4, and RFC 2782. */
export const startDns = async (): Promise<FakeDns> => {
  const zone = new Map<string, readonly DnsRecord[]>();
  const questions: string[] = [];
  let forced: number | 'silent' | undefined;
  const socket = createSocket('udp4');
  socket.on('message', (message, from) => {
    const { name, type, end } = questionOf(message);
    questions.push(`${name} ${type}`);
    if (forced === 'silent') return;
    const records = zone.get(name.toLowerCase());
    const code = forced ?? (records ? 0 : 3);
    const answers = code === 0 ? (records ?? []).filter((each) => types[each.type] === type).map(encode) : [];
    const head = Buffer.alloc(12);
    message.copy(head, 0, 0, 2);
    head.writeUInt16BE(0x8180 | code, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(answers.length, 6);
    socket.send(Buffer.concat([head, message.subarray(12, end), ...answers]), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(socket.address() as AddressInfo).port}`,
    questions,
    set: (name, records) => void zone.set(name.toLowerCase(), records),
    answerWith: (code) => void (forced = code),
    stop: () => new Promise((resolve) => socket.close(() => resolve())),
  };
};

const questionOf = (message: Buffer): { name: string; type: number; end: number } => {
  const labels: string[] = [];
  let at = 12;
  while (message[at]) {
    const length = message[at]!;
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join('.'), type: message.readUInt16BE(at + 1), end: at + 5 };
};

const encode = (record: DnsRecord): Buffer => {
  const data = dataOf(record);
  const head = Buffer.alloc(12);
  // The name is the question's, by a pointer.
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(types[record.type], 2);
  head.writeUInt16BE(1, 4);
  // Resolvers keep answers as long as they hold, and a test changes them at once.
  head.writeUInt32BE(record.ttl ?? 0, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
};

const dataOf = (record: DnsRecord): Buffer => {
  if (record.type === 'A') return Buffer.from(record.address.split('.').map(Number));
  if (record.type === 'AAAA') return Buffer.from(record.bytes);
  const head = Buffer.alloc(6);
  head.writeUInt16BE(record.priority, 0);
  head.writeUInt16BE(record.weight, 2);
  head.writeUInt16BE(record.port, 4);
  const labels = record.target.split('.').filter((label) => label !== '');
  const name = labels.flatMap((label) => [label.length, ...Buffer.from(label)]);
  return Buffer.concat([head, Buffer.from([...name, 0])]);
};
