import { createServer, type Socket } from 'node:net';

/** A mail as a server got it. */
export interface TakenMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Head and body. */
  readonly text: string;
  /** `user:password` of who sent it. */
  readonly login: string | undefined;
}

export interface TestSmtp {
  readonly port: number;
  readonly mails: readonly TakenMail[];
  /** How many are refused before one is taken. */
  refuse(times: number): void;
  stop(): Promise<void>;
}

export interface TestSmtpOptions {
  /** `user:password`; others are refused, with what they said in the answer, as some servers do. */
  readonly login?: string;
  /** Never says a word. */
  readonly silent?: boolean;
}

/** A mail server on a free port of the loopback, as much of one as a client that sends needs (RFC 5321, RFC 4954 `AUTH PLAIN`). */
export const startSmtp = async ({ login, silent = false }: TestSmtpOptions = {}): Promise<TestSmtp> => {
  const mails: TakenMail[] = [];
  const sockets = new Set<Socket>();
  let refusals = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    if (silent) return;
    let rest = '';
    let mail: { from: string; to: string[]; lines: string[] } = { from: '', to: [], lines: [] };
    let reading = false;
    let presented: string | undefined;
    const say = (line: string): void => void socket.write(`${line}\r\n`);
    const command = (line: string): void => {
      const [verb = '', ...words] = line.split(' ');
      switch (verb.toUpperCase()) {
        case 'EHLO':
          say('250-fake');
          return say(login === undefined ? '250 8BITMIME' : '250 AUTH PLAIN');
        case 'AUTH': {
          const [, user, password] = Buffer.from(words[1] ?? '', 'base64')
            .toString()
            .split('\0');
          presented = `${user}:${password}`;
          return say(presented === login ? '235 welcome' : `535 no such login: ${presented}`);
        }
        case 'MAIL':
          if (login !== undefined && presented !== login) return say('530 who are you?');
          if (refusals > 0) {
            refusals--;
            return say('451 not now');
          }
          mail = { from: addressIn(line), to: [], lines: [] };
          return say('250 go on');
        case 'RCPT':
          mail.to.push(addressIn(line));
          return say('250 go on');
        case 'DATA':
          reading = true;
          return say('354 go on');
        case 'STARTTLS':
          return say('502 not here');
        case 'QUIT':
          say('221 bye');
          return void socket.end();
        default:
          return say('250 fine');
      }
    };
    const line = (text: string): void => {
      if (!reading) return command(text);
      if (text !== '.') return void mail.lines.push(text.startsWith('..') ? text.slice(1) : text);
      reading = false;
      mails.push({ from: mail.from, to: mail.to, text: mail.lines.join('\n'), login: presented });
      say('250 taken');
    };
    socket.on('data', (bytes) => {
      const lines = (rest + bytes.toString()).split('\r\n');
      rest = lines.pop()!;
      for (const each of lines) line(each);
    });
    say('220 fake');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    mails,
    refuse: (times) => void (refusals = times),
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
};

const addressIn = (line: string): string => /<([^>]*)>/.exec(line)?.[1] ?? '';
