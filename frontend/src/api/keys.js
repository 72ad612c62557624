/** The names under which answers are kept; what changes one thing often changes what the others tell of it. */
export const keys = {
  session: ["session"],
  system: ["system"],
  pipelines: ["pipelines"],
  models: ["models"],
  resources: ["resources"],
  /** @param {string} name */
  resource: (name) => ["resources", name],
  /** @param {import("./types.js").Environment} environment */
  environmentLog: ({ key, state }) => ["environments", key, "log", state],
};
