/** Every word the page says. A translation is this file in another language. */

const plurals = new Intl.PluralRules("en");
const list = new Intl.ListFormat("en", { type: "conjunction" });

/**
 * @param {number} n
 * @param {string} one
 * @param {string} other
 */
const counted = (n, one, other) => `${n} ${plurals.select(n) === "one" ? one : other}`;

export const words = {
  product: "Sluice",

  common: {
    cancel: "Cancel",
    apply: "Apply",
    close: "Close",
    delete: "Delete",
    upload: "Upload",
    retry: "Try again",
    download: "Download",
    copy: "Copy",
    copied: "Copied",
    none: "none",
    loading: "Loading",
    name: "Name",
    added: "Added",
    size: "Size",
    usedBy: "Used by",
    notUsed: "in no pipeline",
    unset: "not set",
    inPipelines: (/** @type {number} */ n) => `in ${counted(n, "pipeline", "pipelines")}`,
    warnings: (/** @type {number} */ n) => counted(n, "warning", "warnings"),
  },

  shell: {
    navigator: "Main",
    skip: "Skip to content",
    openNavigator: "Open navigator",
    closeNavigator: "Close navigator",
    userMenu: (/** @type {string} */ user) => `User menu: ${user}`,
    role: { ADMIN: "May change everything", READ: "May look and run, not change" },
    scheme: "Colours",
    schemes: { auto: "System", light: "Light", dark: "Dark" },
    signOut: "Sign out",
    version: (/** @type {string} */ v) => `Version ${v}`,
    stale: "The server doesn't answer. What you see may be out of date; the page keeps trying.",
  },

  errors: {
    title: "This can't be shown now",
    unexpected: (/** @type {number} */ status) => `The server answered with status ${status} and no reason.`,
    unreachable: "The server doesn't answer. Check that it runs and that you are connected.",
    crashed: "The page stumbled over an error of its own.",
    reload: "Reload the page",
    notFound: "There is no such page",
    notFoundHint: "The address may be mistyped, or the page was moved.",
    goHome: "Go to Home",
    requestId: (/** @type {string} */ id) => `Request ${id}`,
  },

  signIn: {
    title: "Sign in",
    explain:
      "The server prints a link that signs you in once, each time it starts. Open that link in this browser.",
    orToken: "Or paste an API token.",
    token: "API token",
    tokenMissing: "Paste an API token.",
    submit: "Sign in",
    busy: "Signing you in",
    linkFailed: "This link doesn't work any more",
    linkHint:
      "Such a link works once and for a short time. Start the server again to get a new one, or use an API token.",
    codeMissing: "The address has no code. Open the whole link as the server printed it.",
  },

  steps: {
    label: "Steps",
    "pre-processing": "Pre-processing",
    model: "Model",
    "post-processing": "Post-processing",
    input: "Input",
    queue: "Queue",
    environment: "Packages",
  },

  states: {
    ready: "ready",
    idle: "idle",
    starting: "starting",
    broken: "broken",
    hints: {
      ready: "Workers are up and waiting.",
      idle: "No worker runs now; the first call starts one.",
      starting: "A worker is loading the scripts and the model.",
      broken: "No worker starts.",
    },
  },

  list: {
    some: (/** @type {number} */ shown, /** @type {string} */ all) => `${shown} of ${all}`,
    sortBy: "Sort by",
    sorts: {
      name: "Name",
      created: "Added",
      state: "State",
      calls: "Calls",
      failures: "Failures",
      p50: "p50",
      p99: "p99",
      size: "Size",
      kind: "Kind",
      used: "Used by",
    },
    order: (/** @type {boolean} */ descending) => (descending ? "Order: descending" : "Order: ascending"),
    view: "View",
    views: { cards: "Cards", table: "Table" },
    nothing: (/** @type {string} */ query) => `Nothing here matches "${query}".`,
    showAll: "Show all",
    more: (/** @type {number} */ more, /** @type {number} */ rest) =>
      more === rest ? `Show ${more} more` : `Show ${more} of ${rest} more`,
  },

  home: {
    title: "Home",
  },

  predictions: {
    title: "Predictions",
    batch: "Batch processing",
  },

  pipelines: {
    title: "Pipelines",
    search: "Search pipelines",
    count: (/** @type {number} */ n) => counted(n, "pipeline", "pipelines"),
    add: "Add pipeline",
    details: (/** @type {string} */ name) => `Pipeline details: ${name}`,
    detailsTitle: "Pipeline details",
    run: (/** @type {string} */ name) => `Run pipeline ${name}`,
    delete: (/** @type {string} */ name) => `Delete pipeline ${name}`,
    deleteQuestion: (/** @type {string} */ name) =>
      `Pipeline '${name}' will be removed permanently. Programs that call it will get "not found". Its model and resources stay.`,
    wasAdded: (/** @type {string} */ name) => `Pipeline '${name}' was added.`,
    wasDeleted: (/** @type {string} */ name) => `Pipeline '${name}' was deleted.`,
    model: "ONNX model",
    chooseModel: "Choose a model",
    modelMissing: "Choose a model.",
    nameMissing: "Enter a name.",
    preProcessing: "Pre-processing resource",
    postProcessing: "Post-processing resource",
    preHint: "Turns the input into the model's inputs. Without one, the input is JSON.",
    postHint: "Turns the model's outputs into the answer. Without one, the outputs are the answer.",
    noScript: "None",
    noScripts: "No scripts yet: add them under Resources.",
    dataFiles: "Data files",
    dataFilesHint: "Labels, scalers or helper modules that the scripts open or import.",
    noDataFiles: "No data files yet: add them under Resources.",
    noModels: "There are no models yet. A pipeline needs one.",
    goToModels: "Go to Models",
    checking: "Loading the parts in a worker. What doesn't load isn't saved.",
    installing: "Installing the packages, which may take minutes, then loading the parts.",
    notAdded: "The pipeline was not added",
    state: "State",
    brokenFor: (/** @type {string} */ why) => `Broken: ${why}`,
    blamed: (/** @type {string} */ step, /** @type {string} */ name) => `Step: ${step}, ${name}`,
    wholeReason: "Show all",
    shortReason: "Show less",
    retry: (/** @type {string} */ name) => `Try again: ${name}`,
    retrying: "Trying to start it.",
    wasRetried: (
      /** @type {string} */ name,
      /** @type {"ready" | "idle" | "starting" | "broken"} */ state,
    ) => (state === "broken" ? `Pipeline '${name}' is still broken.` : `Pipeline '${name}' is ${state}.`),
    notes: (/** @type {number} */ n, /** @type {string} */ ago) =>
      `${counted(n, "note", "notes")} on its workers, ${ago}`,
    emptyHint:
      "Input data, pre-processing, ONNX model, post-processing, output data: a pipeline puts them behind one address.",
    emptyRead: "No pipelines yet. Your role may not add any.",
  },

  models: {
    title: "Models",
    search: "Search models",
    count: (/** @type {number} */ n) => counted(n, "model", "models"),
    add: "Add model",
    details: (/** @type {string} */ name) => `Model details: ${name}`,
    detailsTitle: "Model details",
    more: (/** @type {number} */ n) => `and ${n} more`,
    emptyHint: "Drop an .onnx file, or click to choose one.",
    run: (/** @type {string} */ name) => `Run model ${name}`,
    download: (/** @type {string} */ name) => `Download model ${name}`,
    delete: (/** @type {string} */ name) => `Delete model ${name}`,
    deleteQuestion: (/** @type {string} */ name) => `Model '${name}' will be removed permanently.`,
    wasAdded: (/** @type {string} */ name) => `Model '${name}' was added.`,
    wasDeleted: (/** @type {string} */ name) => `Model '${name}' was deleted.`,
    files: "Model files",
    filesHint: "An .onnx file. If its tensors lie in files of their own, choose those too.",
    filesMissing: "Choose an .onnx file.",
    nameHint: "Left empty, it is the file's name without .onnx.",
    checking: "Checking the model.",
    notAdded: "The model was not added",
    file: "File",
    irVersion: "IR version",
    opsets: "Opsets",
    producer: "Producer",
    graph: "Graph",
    modelVersion: "Model version",
    sha256: "SHA-256",
    inputs: "Inputs",
    outputs: "Outputs",
    type: "Type",
    shape: "Shape",
    emptyRead: "No models yet. Your role may not add any.",
  },

  resources: {
    title: "Resources",
    search: "Search resources",
    count: (/** @type {number} */ n) => counted(n, "resource", "resources"),
    add: "Add resource",
    details: (/** @type {string} */ name) => `Resource details: ${name}`,
    detailsTitle: "Resource details",
    emptyHint: "Python scripts for pre- and post-processing, helper modules and data files.",
    download: (/** @type {string} */ name) => `Download resource ${name}`,
    delete: (/** @type {string} */ name) => `Delete resource ${name}`,
    deleteQuestion: (/** @type {string} */ name, /** @type {string[]} */ usedBy) =>
      usedBy.length === 0
        ? `Resource '${name}' will be removed permanently. No pipeline uses it.`
        : `Resource '${name}' can't be removed yet: ${list.format(usedBy)} ${usedBy.length === 1 ? "uses" : "use"} it.`,
    wasAdded: (/** @type {string} */ name) => `Resource '${name}' was added.`,
    wasDeleted: (/** @type {string} */ name) => `Resource '${name}' was deleted.`,
    file: "Resource file",
    fileHint:
      "A Python script with a function process(content), a helper module, or a data file. Its file name is its name.",
    fileMissing: "Choose a file.",
    checking: "Checking the file.",
    notAdded: "The resource was not added",
    kind: "Kind",
    kinds: { script: "Script", module: "Helper module", data: "Data file" },
    kindHints: {
      script: "Has a function process of one argument; runs as pre- or post-processing.",
      module: "Imported by scripts; needs no process function.",
    },
    source: "Source",
    notText: "This file isn't text, or is too long to show here. Download it to see it.",
    emptyRead: "No resources yet. Your role may not add any.",
    newScript: "New script",
    newScriptHint: "Begins with a template for a model and a step.",
    replace: "Replace",
    replaceTitle: (/** @type {string} */ name) => `Replace the content of ${name}`,
    newContent: "New content",
    newContentHint:
      "Its name stays, whatever the file is called. Every pipeline that uses it is tried with it first; no call fails meanwhile.",
    wasReplaced: (/** @type {string} */ name) => `Resource '${name}' was replaced.`,
    notReplaced: "The resource was not replaced",
    rename: "Rename",
    renameTitle: (/** @type {string} */ name) => `Rename ${name}`,
    renameHint: "Pipelines that use it keep using it; scripts that open it by its name need the new one.",
    renameScriptHint:
      "Pipelines that use it keep using it. The name ends in .py; a helper module is imported by its name.",
    renameDirty: "Save or discard your changes first.",
    wasRenamed: (/** @type {string} */ old, /** @type {string} */ name) =>
      `'${old}' is called '${name}' now.`,
    notRenamed: "It was not renamed",
    revision: (/** @type {number} */ n) => `revision ${n}`,
    kindExplained: {
      script: "A script: its function process runs before or after a model.",
      module: "A helper module: scripts import it by its name. A pipeline needs it among its data files.",
      data: "A data file: scripts open it by its name. A pipeline needs it among its data files.",
    },
    facts: "Details",
    gone: (/** @type {string} */ name) => `There is no resource '${name}'`,
    goneHint: "It was deleted or renamed, or the address is mistyped.",
    draftLeft: "What you wrote",
    goToResources: "Go to Resources",
    create: {
      model: "For the model",
      modelHint: "The template has its inputs and outputs in it, with their types and shapes.",
      noModels: "There are no models yet, so the script begins empty.",
      step: "Step",
      nameHint: "Ends in .py.",
      source: "Source of the new script",
      template: "Begin again with this template",
      restored: "You wrote this before and did not save it.",
      notSaved: "The script was not saved",
      notLoaded: "The template can't be had",
    },
  },

  editor: {
    editorOf: (/** @type {string} */ name) => `Editor: ${name}`,
    sourceOf: (/** @type {string} */ name) => `Source: ${name}`,
    save: "Save",
    discard: "Discard changes",
    saved: "Saved",
    unsaved: "Unsaved changes",
    arrived: "Somebody else changed it; this is the newest.",
    saving: (/** @type {number} */ n) =>
      n === 0
        ? "Saving"
        : `Trying it with the ${counted(n, "pipeline", "pipelines")} that ${n === 1 ? "uses" : "use"} it`,
    progress: "Saving",
    notSaved: "It was not saved",
    wasSaved: "Saved",
    noPipeline: "No pipeline uses it.",
    inUse: (/** @type {number} */ n) =>
      `${n === 1 ? "This pipeline uses" : "These pipelines use"} it from now on:`,
    changes: "What changed",
    wouldBreak: (/** @type {number} */ n) =>
      `Not saved: it would break ${counted(n, "pipeline", "pipelines")}`,
    nothingChanged: "Nothing was changed; calls are answered as before. What you wrote is still here.",
    goToLine: (/** @type {number} */ n) => `Go to line ${n}`,
    conflict: (/** @type {string} */ name) => `Somebody else changed '${name}' while you were editing it`,
    conflictHint:
      "Look at theirs and copy what you need. Keeping yours replaces theirs when you save; undo brings yours back.",
    showTheirs: "Show theirs",
    hideTheirs: "Hide theirs",
    keepMine: "Keep mine",
    takeTheirs: "Take theirs",
    theirs: (/** @type {string} */ name) => `Theirs: ${name}`,
    restored: "You wrote this before and did not save it. Discarding the changes brings back what is saved.",
    problems: "Problems",
    found: (/** @type {number} */ n) => (n === 0 ? "No problems found" : counted(n, "problem", "problems")),
    checkStates: {
      checking: "Checking",
      unchecked: "Not checked: the server doesn't answer that now. Saving checks it.",
    },
    severities: { error: "Error", warning: "Warning" },
    problemAt: (/** @type {"error" | "warning"} */ severity, /** @type {number} */ line) =>
      `${severity === "error" ? "Error" : "Warning"}, line ${line}:`,
    keys: "Tab indents; to leave by keyboard press Escape, then Tab. Ctrl+S saves, Ctrl+Z undoes, Ctrl+F searches (on a Mac, Cmd).",
    leaveTitle: "Unsaved changes",
    leaveQuestion: (/** @type {string} */ name) =>
      `What you changed in '${name}' isn't saved. This tab keeps it until it is closed, so you find it when you come back.`,
    leave: "Leave",
    stay: "Stay",
    /** CodeMirror's own words, by its English ones. */
    phrases: {
      Find: "Find",
      Replace: "Replace",
      next: "next",
      previous: "previous",
      all: "all",
      "match case": "match case",
      regexp: "regexp",
      "by word": "by word",
      replace: "replace",
      "replace all": "replace all",
      close: "close",
      "Go to line": "Go to line",
      go: "go",
      Diagnostics: "Problems",
      "No diagnostics": "No problems",
      "current match": "current match",
      "on line": "on line",
    },
  },

  environments: {
    title: "Packages",
    states: {
      building: "installing",
      ready: "installed",
      failed: "installation failed",
      absent: "not installed yet",
      off: "not installed",
    },
    hints: {
      building: "This may take some minutes.",
      absent: "They are installed when a pipeline needs them.",
      off: "Installing packages is switched off on this server.",
    },
    card: {
      building: (/** @type {string} */ packages) => `Installing ${packages}`,
      ready: (/** @type {string} */ packages) => `Needs ${packages}`,
      failed: (/** @type {string} */ packages) => `Not installed: ${packages}`,
      absent: (/** @type {string} */ packages) => `Needs ${packages}, not installed yet`,
      off: (/** @type {string} */ packages) => `Not installed: ${packages}`,
    },
    field: (/** @type {string} */ file, /** @type {string} */ packages) => `${file} needs ${packages}.`,
    fields: {
      building: "Installing goes on; adding the pipeline waits for it, up to a minute.",
      failed: "Installing failed.",
      absent: "Installed first when the pipeline is added.",
      off: "Not installed, and this server installs no packages.",
    },
    some: (/** @type {string[]} */ requires) =>
      list.format(requires.length > 4 ? [...requires.slice(0, 3), `${requires.length - 3} more`] : requires),
    progress: "Installing packages",
    log: "Installation log",
    openLog: "Open the log",
    openWholeLog: "Open the whole log",
    rebuild: "Install again",
    notRebuilt: "Installing did not begin",
  },

  inUse: (/** @type {string[]} */ names) =>
    `It is needed by ${plurals.select(names.length) === "one" ? "pipeline" : "the pipelines"} ${list.format(names)}. Delete ${
      plurals.select(names.length) === "one" ? "that one" : "those"
    } first.`,
  notDeleted: "It was not deleted",

  files: {
    drop: "Drop a file here",
    dropMany: "Drop files here",
    browse: "or click to choose",
    remove: (/** @type {string} */ name) => `Remove ${name}`,
    progress: "Upload progress",
    sent: (/** @type {number} */ percent) => `${percent} % sent`,
    tooLarge: (/** @type {string} */ size, /** @type {string} */ limit) =>
      `${size} is above the server's limit of ${limit}.`,
  },

  run: {
    input: "Input",
    file: "File",
    json: "JSON",
    inputFile: "Input file",
    jsonInput: "JSON input",
    fileHint: "Sent byte for byte to pre-processing.",
    jsonHint: "Without pre-processing: the model's input names, each with nested lists.",
    submit: "Run",
    fileMissing: "Choose a file.",
    jsonMissing: "Enter JSON.",
    answer: "Answer",
    times: "Step times",
    failed: "The run failed",
    shortened: (/** @type {string} */ size) => `The first part of ${size}. Download it to see the whole.`,
  },

  snippets: {
    language: "Language",
    snippet: (/** @type {string} */ language) => `${language} snippet`,
    copyAddress: "Copy the address",
    notCopied: "Not copied: select it and press Ctrl+C",
    anyFile: "input.bin",
    token: (/** @type {string} */ variable) =>
      `The API token is taken from the environment variable ${variable}; the role READ is enough.`,
    bytes: (/** @type {string} */ file) =>
      `The bytes of ${file} are sent as they are: put your own file there.`,
    json: "The input has the model's real names and shapes, with zeros: put your own values there.",
    longJson: (/** @type {string} */ file) =>
      `The input is read from ${file}: save one with the model's real names and shapes, then put your own values there.`,
    saveInput: (/** @type {string} */ file) => `Save ${file}`,
    hints: /** @type {Record<string, string>} */ ({
      curl: "For a POSIX shell.",
      python: "Needs nothing but Python 3.",
      csharp: "A whole program for .NET.",
      java: "Java 11 or newer; runs as one file: java Predict.java",
      "node-red": "Import it as a flow. The token is an environment variable of Node-RED.",
    }),
  },

  failure: {
    printed: "Printed",
    line: (/** @type {number} */ n) => `line ${n}`,
    lineAndColumn: (/** @type {number} */ l, /** @type {number} */ c) => `line ${l}, column ${c}`,
  },
};
