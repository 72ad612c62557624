/** The names under which answers are kept; what changes one thing often changes what the others tell of it. */
export const keys = {
  session: ["session"],
  ways: ["ways"],
  system: ["system"],
  tokens: ["tokens"],
  users: ["users"],
  openSessions: ["openSessions"],
  pipelines: ["pipelines"],
  models: ["models"],
  resources: ["resources"],
  /** @param {string} name */
  resource: (name) => ["resources", name],
  /**
   * @param {string} name
   * @param {string} kind
   * @param {string} text
   */
  check: (name, kind, text) => ["checks", name, kind, text],
  /**
   * @param {string} model
   * @param {string} step
   */
  template: (model, step) => ["templates", model, step],
  /** @param {import("./types.js").Environment} environment */
  environmentLog: ({ key, state }) => ["environments", key, "log", state],
  environments: ["environments"],
  /** @param {import("./audit.js").AuditFilter} filter */
  audit: (filter) => ["audit", filter],
  statistics: ["statistics"],
  /**
   * @param {"pipelines" | "models"} kind
   * @param {string} name
   * @param {import("./types.js").Period} period
   */
  statisticsOf: (kind, name, period) => ["statistics", kind, name, period],
  /**
   * @param {"pipelines" | "models"} kind
   * @param {string} name
   */
  failures: (kind, name) => ["statistics", kind, name, "failures"],
  /** @param {string} name of a pipeline */
  signature: (name) => ["signatures", name],
  /** @param {string} name of a pipeline */
  secrets: (name) => ["secrets", name],
};
