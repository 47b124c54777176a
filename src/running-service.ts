/** A service that listens. */
export interface RunningService {
  readonly url: string;
  /** Answers what is under way, then ends. `signal`: what asks for it, for the log. */
  close(signal?: NodeJS.Signals): Promise<void>;
}

/** Where it does not start: every reason, in lines for people. */
export type ServiceResult = { readonly ok: true; readonly service: RunningService } | { readonly ok: false; readonly problems: readonly string[] };
