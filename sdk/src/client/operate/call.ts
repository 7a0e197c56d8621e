import type { BodySource, ByteStream, JsonObject, Operation, Operations, Target } from '../../types/index.ts';
import type { CallFacts, WholeAnswer } from '../call.ts';

/** A request's body as it goes on to a vendor of the clients' own format. */
export interface RelayBody {
  contentType?: string;
  body?: string | Uint8Array<ArrayBuffer> | BodySource;
}

/** One call of a kind other than chat, in the clients' format of its kind, to one target. */
export interface OperationCall<K extends Operation = Operation> {
  operation: K;
  target: Target;
  /** What is known of the request without looking into files: members of its JSON, texts of its form; all of them once `request` is done. */
  readonly known: JsonObject;
  /** The request as values; asked for only by adapters. @throws SluiceError `invalid_request` */
  request(): Promise<Operations[K]['request']> | Operations[K]['request'];
  /** The request as it came, with members set; asked for once a try. @throws SluiceError where it was sent already and is gone */
  relay(members: Readonly<JsonObject>): Promise<RelayBody> | RelayBody;
}

/** An answer that is not JSON, or a stream: bytes as they come. */
export interface ByteAnswer extends ByteStream {
  kind: 'bytes';
  facts: CallFacts;
  /** Why it ended early; known once `read` has thrown or ended. */
  readonly failure: Error | undefined;
}

export type OperationAnswer = (WholeAnswer & { contentType?: string }) | ByteAnswer;
