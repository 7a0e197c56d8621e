/** The door for programs that build on the SDK's parts, such as the gateway. Less stable than the public one. */
export { errorCodes, Secret, SluiceError } from './types/index.ts';
export type {
  ChatProtocol,
  ChatRequest,
  Deadlines,
  ErrorCode,
  JsonObject,
  Provider,
  ProtocolId,
  Target,
  Transport,
  TransportRequest,
  TransportResponse,
  Usage,
} from './types/index.ts';
