// What we use of autocannon, which brings no types of its own.

declare module 'autocannon' {
  /** One request of the sequence that a connection repeats. */
  type Request = {
    method?: 'GET' | 'POST';
    path?: string;
    headers?: Readonly<Record<string, string>>;
    body?: string;
    /** Changes the request before it is sent; undefined starts the sequence anew. */
    setupRequest?: (request: Request, context: Record<string, string>) => Request | undefined;
    onResponse?: (
      status: number,
      body: string,
      context: Record<string, string>,
      headers: Readonly<Record<string, string | string[]>>,
    ) => void;
  };

  type Client = { setRequests(requests: Request[]): void };

  type Options = {
    url: string;
    connections: number;
    duration: number;
    timeout?: number;
    requests: Request[];
    setupClient?: (client: Client) => void;
  };

  /** What came back: counts, and latencies in milliseconds. */
  type Result = {
    duration: number;
    errors: number;
    timeouts: number;
    non2xx: number;
    requests: { total: number };
    latency: { p50: number; p99: number };
    statusCodeStats: Readonly<Record<string, { count: number }>>;
  };

  export default function autocannon(options: Options): Promise<Result>;
}
