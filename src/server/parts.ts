import type { Context } from '../context.ts';

/** Where the server listens. */
export interface Address {
  host: string;
  port: number;
}

/** What the parts of the server work with. The context is that of the process: one store, one configuration. */
export interface ServerParts {
  context: Context;
  /** Known once it listens: what Host and Origin are compared with. */
  address: Address;
}

/** Who asks. */
export interface Caller {
  /** The address of the socket; `local` without one. */
  address: string;
  /** What it showed; null where none is needed, or none was shown. */
  token: { id: number; scope: 'read' | 'write' } | null;
}

/** What a handler may read of a request. */
export interface ServerEnv {
  Variables: {
    /** Stands in the log, and in the reply as X-Request-Id. */
    requestId: string;
    caller: Caller;
  };
}

/** The body of every error. */
export interface ErrorBody {
  success: false;
  /** One sentence for a person. */
  message: string;
  /** One word for a program: `bad_request`, `not_found`. */
  error: string;
  /** Of a batch: what is wrong with which item. */
  items?: { index: number; field: string | null; message: string }[];
}
