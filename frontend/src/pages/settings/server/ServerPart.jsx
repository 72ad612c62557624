import { Skeleton } from "@mantine/core";
import { useHealth } from "../../../api/session.js";
import { Facts } from "../../../components/Facts.jsx";
import { QueryView } from "../../../components/QueryView.jsx";
import { Time } from "../../../components/Time.jsx";
import { formatBytes, formatCount, formatDuration, formatLimit } from "../../../lib/format.js";
import { showNetwork } from "../../../lib/network.js";
import { words } from "../../../words.js";
import { Panel } from "../Panel.jsx";
import classes from "../Settings.module.css";

/** @import { Sandbox, System } from "../../../api/types.js" */

const text = words.settings.server;
const { home } = words;
const MIB = 1024 * 1024;

/** What the server runs with: versions, what confines scripts, limits. */
export function ServerPart() {
  return (
    <QueryView query={useHealth()} skeleton={<Skeleton height={320} radius={6} />}>
      {(system) => (
        <div className={classes.columns}>
          <div className={classes.stack}>
            <Panel title={text.itself}>
              <Facts
                facts={[
                  [words.product, system.version],
                  ["onnxruntime", system.onnxruntime],
                  [home.started, <Time key="started" at={system.startedAt} />],
                  [
                    home.room,
                    home.roomOf(formatBytes(system.disk.freeBytes), formatBytes(system.disk.totalBytes)),
                  ],
                  [home.data, formatBytes(system.disk.dataBytes)],
                ]}
              />
            </Panel>
            <Panel title={text.sandbox}>
              <SandboxFacts sandbox={system.sandbox} />
            </Panel>
          </div>
          <Panel title={text.limits}>
            <p className={classes.hint}>{text.limitsHint}</p>
            <Facts facts={limitsOf(system)} />
          </Panel>
        </div>
      )}
    </QueryView>
  );
}

/**
 * @param {object} props
 * @param {Sandbox} props.sandbox
 */
function SandboxFacts({ sandbox }) {
  const { level, landlockAbi, seccomp, ports, uid, uidReason, machine, tried, missing } = sandbox;
  const held = [landlockAbi > 0 && text.landlock(landlockAbi), seccomp && text.seccomp].filter(Boolean);
  return (
    <Facts
      facts={[
        [text.level, home.sandboxLevels[level]],
        [text.holds, held.join(", ") || words.common.none],
        [text.user, uidReason === null ? text.userOfTheirOwn(uid) : text.serversUser(uid, uidReason)],
        [text.ports, ports ? text.portsHeld : text.portsNotHeld],
        [text.machine, tried ? machine : text.untried(machine)],
        [
          text.missing,
          missing.length === 0 ? (
            text.full
          ) : (
            <ul key="missing" className={classes.missing}>
              {missing.map((one) => (
                <li key={one}>{one}</li>
              ))}
            </ul>
          ),
        ],
      ]}
    />
  );
}

/**
 * @param {System} system
 * @returns {[string, string][]}
 */
function limitsOf(system) {
  const { limit } = text;
  return [
    [limit.deadline, formatDuration(system.deadlineS * 1000)],
    [limit.workers, formatCount(system.workers)],
    [limit.intraOpThreads, formatCount(system.intraOpThreads)],
    [limit.threads, formatCount(system.threads)],
    [limit.memory, formatLimit(system.memoryMb * MIB)],
    [limit.scratch, formatLimit(system.scratchMb * MIB)],
    [limit.network, showNetwork(system.network)],
    [limit.upload, formatLimit(system.maxUploadBytes)],
    [limit.body, formatLimit(system.maxBodyBytes)],
    [limit.answer, formatLimit(system.maxAnswerBytes)],
  ];
}
