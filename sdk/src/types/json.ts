/** Any JSON value. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json | undefined };

/** A JSON object as it came from, or goes to, the wire. Members are unknown until a protocol has looked at them. */
export type JsonObject = { [key: string]: unknown };
