/**
 * The shapes of the native API, as `backend/docs/api.md` has them.
 *
 * @typedef {"METRICS" | "PREDICT" | "READ" | "ADMIN"} Role
 *
 * @typedef {"link" | "token" | "password" | "oidc" | "nobody"} SignedInBy `nobody` where the server asks nobody to sign in
 *
 * @typedef {object} Session
 * @property {string} name
 * @property {Role} role
 * @property {SignedInBy} by
 * @property {string | null} userId
 * @property {string[] | null} pipelines that role PREDICT may call; null for other roles
 *
 * @typedef {object} Ways in which one can sign in
 * @property {boolean} password
 * @property {{title: string} | null} oidc
 * @property {boolean} noAuth
 *
 * @typedef {object} Token
 * @property {string} id
 * @property {string} name
 * @property {Role} role
 * @property {string[] | null} pipelines
 * @property {string} createdAt
 * @property {string | null} lastUsedAt
 * @property {string | null} expiresAt
 *
 * @typedef {object} NewToken
 * @property {string} name
 * @property {Role} role
 * @property {string[]} [pipelines]
 * @property {string | null} expiresAt
 *
 * @typedef {object} User
 * @property {string} id
 * @property {string} name
 * @property {number} revision
 * @property {Role} role
 * @property {string[] | null} pipelines
 * @property {string} createdAt
 * @property {string | null} lastUsedAt
 * @property {boolean} hasPassword
 *
 * @typedef {{name: string, password: string, role: Role, pipelines?: string[] | null}} NewUser
 *
 * @typedef {Partial<NewUser>} UserChanges
 *
 * @typedef {object} OpenSession a browser that is signed in
 * @property {string} id
 * @property {string} name
 * @property {Role} role
 * @property {SignedInBy} by
 * @property {string} createdAt
 * @property {string} expiresAt
 * @property {boolean} current whether it is the asking one
 *
 * @typedef {object} AuditEntry a change that somebody made
 * @property {string} id
 * @property {string} at
 * @property {{name: string, by: string}} actor
 * @property {string} action
 * @property {{kind: string, name: string, id: string} | null} subject
 * @property {string} dialect
 * @property {string} requestId
 * @property {string | null} address
 * @property {{changes?: Record<string, {from?: unknown, to?: unknown, names?: string[]}>, [key: string]: unknown}} detail
 *
 * @typedef {object} System
 * @property {string} version
 * @property {number} maxUploadBytes
 * @property {number} maxBodyBytes
 * @property {number} deadlineS
 * @property {number} workers
 * @property {number} intraOpThreads
 * @property {number} memoryMb
 * @property {number} maxAnswerBytes
 * @property {number} scratchMb
 * @property {number} threads
 * @property {Network} network
 * @property {string} onnxruntime
 * @property {Sandbox} sandbox
 * @property {string} startedAt
 * @property {Disk} disk
 *
 * @typedef {object} Disk what holds the data folder
 * @property {number} freeBytes
 * @property {number} totalBytes
 * @property {number} dataBytes what the folder takes
 *
 * @typedef {object} Sandbox what confines scripts on the server's machine
 * @property {"full" | "partial" | "none"} level
 * @property {number} landlockAbi
 * @property {boolean} seccomp
 * @property {boolean} ports whether scripts can be held to a list of ports
 * @property {number} uid of the user that workers are
 * @property {string | null} uidReason why that is the server's own; null where it isn't
 * @property {string} machine kind of processor
 * @property {boolean} tried whether the filters were ever run on such a one
 * @property {string[]} missing
 *
 * @typedef {object} Tensor
 * @property {string} name
 * @property {string} type as onnxruntime spells it
 * @property {string | null} datatype Open Inference datatype
 * @property {number[] | null} shape -1 is variable
 * @property {(string | null)[] | null} [symbols] name of each variable dimension, where it has one
 *
 * @typedef {object} Model
 * @property {string} id
 * @property {string} name
 * @property {number} revision
 * @property {string} createdAt
 * @property {string} fileName
 * @property {number} sizeBytes
 * @property {string} sha256
 * @property {number} irVersion
 * @property {{domain: string, version: number}[]} opsets
 * @property {string} producerName
 * @property {string} producerVersion
 * @property {string} graphName
 * @property {number} modelVersion
 * @property {Tensor[]} inputs
 * @property {Tensor[]} outputs
 * @property {string} description
 * @property {boolean} active one that isn't answers nothing, nor do its pipelines
 * @property {string[]} usedBy
 *
 * @typedef {Model & Replacement} ReplacedModel
 *
 * @typedef {object} Environment what scripts import, and whether it is installed
 * @property {string} key
 * @property {"building" | "ready" | "failed" | "absent" | "off"} state
 * @property {string[]} requires what the scripts name; empty for a standard environment
 * @property {string | null} reason why it failed
 * @property {string} log address below `/api/v1/`
 *
 * @typedef {"script" | "module" | "data"} ResourceKind
 *
 * @typedef {object} Resource
 * @property {string} id
 * @property {string} name
 * @property {ResourceKind} kind
 * @property {number} revision
 * @property {string} createdAt
 * @property {number} sizeBytes
 * @property {string} sha256
 * @property {{line: number, module: string, message: string}[]} warnings
 * @property {Environment | null} environment null where the header names no packages
 * @property {string[]} usedBy
 * @property {string | null} [text] when one resource is read
 *
 * @typedef {object} ScriptProblem what a check of a script's text finds
 * @property {number | null} line 1-based
 * @property {number | null} column 1-based
 * @property {string} message
 * @property {"error" | "warning"} severity
 *
 * @typedef {object} ScriptCheck
 * @property {boolean} ok
 * @property {ScriptProblem[]} problems
 * @property {string[]} requires packages that its header names
 *
 * @typedef {object} Replacement
 * @property {string[]} pipelines that have a new revision
 * @property {string[]} [changes] sentences of what is different
 *
 * @typedef {Resource & Replacement} ReplacedResource
 *
 * @typedef {"pre-processing" | "model" | "post-processing"} StepName
 *
 * @typedef {object} Step
 * @property {StepName} step
 * @property {string} name
 * @property {number} revision
 * @property {boolean} ready
 * @property {string | null} reason
 *
 * @typedef {"ready" | "starting" | "idle" | "broken" | "inactive"} PipelineState
 *
 * @typedef {"off" | "open" | number[]} Network what scripts may reach: nothing, everything, or these ports
 *
 * @typedef {object} Pipeline
 * @property {string} id
 * @property {string} name
 * @property {number} revision
 * @property {string} createdAt
 * @property {string} model
 * @property {string | null} preProcessing
 * @property {string | null} postProcessing
 * @property {string[]} dataFiles
 * @property {number | null} deadlineS
 * @property {number | null} workers
 * @property {number | null} intraOpThreads
 * @property {number | null} memoryMb
 * @property {number | null} maxAnswerBytes
 * @property {Network | null} network null is as the server has it
 * @property {number | null} scratchMb
 * @property {number | null} threads
 * @property {Record<string, string>} variables
 * @property {boolean} pinned
 * @property {string | null} sample
 * @property {boolean} keepInputs
 * @property {PipelineState} state
 * @property {string | null} reason
 * @property {Note[]} notes what lately happened to its workers, newest first
 * @property {Step[]} steps
 * @property {Environment | null} environment null without scripts
 *
 * @typedef {object} Note
 * @property {string} at
 * @property {string} text
 *
 * @typedef {object} Trace one call from inside
 * @property {number} queueMs
 * @property {number} overheadMs
 * @property {number} totalMs
 * @property {string | null} printed
 * @property {TraceStep[]} steps those that ran, in their order
 * @property {Frame[]} frames of the scripts, the innermost last; empty where none failed
 *
 * @typedef {object} TraceStep
 * @property {string} step a StepName, `input` or `output`
 * @property {number} ms
 * @property {ValueFacts[]} [given]
 * @property {ValueFacts[]} [returned]
 *
 * @typedef {object} ValueFacts what one value was; integers that a double would round are text
 * @property {string} [name]
 * @property {string} type
 * @property {string} [dtype]
 * @property {number[]} [shape]
 * @property {number} [sizeBytes]
 * @property {number} [length]
 * @property {string[]} [keys]
 * @property {unknown[]} [first]
 * @property {number | string | boolean} [min]
 * @property {number | string | boolean} [max]
 * @property {number | string} [mean]
 * @property {number} [nanCount]
 * @property {string} [text]
 * @property {{width: number, height: number, channels: number, data: string}} [picture]
 *
 * @typedef {object} Frame
 * @property {string} script
 * @property {number} line
 * @property {string} [function]
 * @property {{line: number, text: string}[]} source
 *
 * @typedef {object} Problem why a call failed (RFC 9457)
 * @property {string} detail
 * @property {string} [code]
 * @property {string} [step]
 * @property {string} [script]
 * @property {number} [line]
 * @property {string} [lineText]
 * @property {string} [exception]
 * @property {string} [printed]
 * @property {Trace} [trace]
 *
 * @typedef {object} NewPipeline
 * @property {string} name
 * @property {string} model
 * @property {string | null} preProcessing
 * @property {string | null} postProcessing
 * @property {string[]} dataFiles
 *
 * @typedef {Pick<Pipeline, "deadlineS" | "workers" | "intraOpThreads" | "memoryMb" | "maxAnswerBytes" | "network" | "scratchMb" | "threads" | "variables" | "pinned" | "sample" | "keepInputs">} Policy
 *
 * @typedef {Partial<NewPipeline & Policy>} PipelineChanges what is left out stays
 *
 * @typedef {object} Latency null where nothing was answered
 * @property {number | null} p50Ms
 * @property {number | null} p99Ms
 *
 * @typedef {object} CallsPerMinute
 * @property {"pipeline" | "model"} kind
 * @property {string} name
 * @property {number} calls with the failures
 * @property {number} failures
 * @property {string} lastAt when its last call ended, whenever that was
 * @property {string | null} lastFailedAt
 * @property {number[]} callsPerMinute 60 of them, oldest first
 * @property {number[]} failuresPerMinute
 *
 * @typedef {Latency & CallsPerMinute} LastHour
 *
 * @typedef {"hour" | "day" | "week"} Period
 *
 * @typedef {object} Outcomes
 * @property {number} calls with the failures
 * @property {number} failures
 * @property {Record<string, number>} failedSteps
 * @property {Record<string, Latency>} steps
 *
 * @typedef {Latency & Outcomes} Summary
 *
 * @typedef {Summary & {at: string}} Point
 *
 * @typedef {object} Statistics
 * @property {Period} period
 * @property {number} stepS
 * @property {Point[]} points oldest first, also those without calls
 * @property {Summary} totals
 *
 * @typedef {object} FailedCall
 * @property {string} id
 * @property {string} at
 * @property {number} revision
 * @property {string | null} requestId
 * @property {number} durationMs
 * @property {Record<string, any>} problem as the caller got it
 * @property {{sizeBytes: number | null, kept: boolean}} input
 */

export {};
