import { parseKeepingDigits } from "../lib/jsonExact.js";
import { words } from "../words.js";

/**
 * What a refused or failed call says.
 *
 * `code` is the server's stable word, or `unreachable` where no answer came. `message` is for people. `fields` has
 * the message by the request's field. `details` is the whole problem document.
 */
export class ApiError extends Error {
  /**
   * @param {number} status 0 where no answer came
   * @param {Record<string, any>} problem the server's problem document (RFC 9457)
   * @param {number | null} [retryAfterS] how long to wait before asking again, where the server says so
   */
  constructor(status, problem, retryAfterS = null) {
    super(problem.detail || problem.title || words.errors.unexpected(status));
    this.name = "ApiError";
    this.status = status;
    this.retryAfterS = retryAfterS;
    /** @type {string} */
    this.code = problem.code ?? "unexpected";
    this.details = problem;
    /** @type {Record<string, string>} */
    this.fields = Object.fromEntries(
      (problem.errors ?? []).map((/** @type {{field: string, message: string}} */ e) => [e.field, e.message]),
    );
  }

  /**
   * @param {string} name
   * @returns {ApiError} for what needn't be asked: there is no such thing any more
   */
  static gone(name) {
    return new ApiError(404, { code: "not-found", detail: words.errors.gone(name) });
  }

  /** @returns {ApiError} for a call that got no answer */
  static unreachable() {
    return new ApiError(0, { code: "unreachable", detail: words.errors.unreachable });
  }
}

/**
 * Make an error of an answer's text; what isn't a problem document (a proxy's page, say) gives the status alone.
 *
 * @param {number} status
 * @param {string} text
 * @param {string | null} [retryAfter] the header of that name
 * @returns {ApiError}
 */
export function errorOf(status, text, retryAfter = null) {
  // Only seconds: Sluice says no dates there.
  const retryAfterS = retryAfter && /^\d+$/.test(retryAfter) ? Number(retryAfter) : null;
  try {
    const problem = parseKeepingDigits(text);
    if (problem && typeof problem === "object") return new ApiError(status, problem, retryAfterS);
  } catch {
    // Not JSON: said below.
  }
  return new ApiError(status, {}, retryAfterS);
}

/**
 * @param {unknown} error
 * @param {string} code
 * @returns {error is ApiError}
 */
export function hasCode(error, code) {
  return error instanceof ApiError && error.code === code;
}

/**
 * Tell whether nobody answers for the server: the connection fails, or a proxy says that it found nobody behind it.
 *
 * @param {unknown} error
 * @returns {boolean}
 */
export function isAway(error) {
  return (
    hasCode(error, "unreachable") || (hasCode(error, "unexpected") && [502, 503, 504].includes(error.status))
  );
}

/**
 * Tell whether somebody broke the call off on purpose. By its name: what a browser throws then isn't an `Error` everywhere.
 *
 * @param {unknown} error
 * @returns {boolean}
 */
export function isAbort(error) {
  return typeof error === "object" && error !== null && "name" in error && error.name === "AbortError";
}
