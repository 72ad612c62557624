"""What every pool may use where its pipeline's policy says nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sluice.entities import Policy
from sluice.workers.child.policy import ScriptPolicy
from sluice.workers.cores import available_cores, workers_fitting


@dataclass(frozen=True)
class Limits:
    """What each pool may use where the pipeline's policy says nothing else.

    Attributes:
        workers: most processes of one pool; 0 is as many as fit the cores.
        deadline_s: over queue and run of one call.
        queue_calls: most calls that wait in one pool.
        queue_bytes: most bytes of their bodies.
        start_timeout_s: longest that a worker may take to load.
        max_answer_bytes: longest answer.
        scripts: what scripts may use.
        intra_op_threads: threads of one model in one worker.
        idle_s: without a call for so long, a pool ends its processes; 0 is never.
        recycle_calls: a worker is replaced after so many; 0 is never.
        recycle_growth_mb: and after growing by so much; 0 is never.
        cores: that this machine lends.
    """

    workers: int
    deadline_s: float
    queue_calls: int
    queue_bytes: int
    start_timeout_s: float
    max_answer_bytes: int
    scripts: ScriptPolicy = field(default_factory=ScriptPolicy)
    intra_op_threads: int = 1
    idle_s: float = 600.0
    recycle_calls: int = 0
    recycle_growth_mb: int = 256
    cores: int = field(default_factory=available_cores)

    def threads_of(self, policy: Policy) -> int:
        """Return how many threads a pipeline's model may use in one worker."""
        return policy.intra_op_threads or self.intra_op_threads

    def workers_of(self, policy: Policy) -> int:
        """Return how many workers a pipeline may have: what was asked for, else what fits the cores."""
        return policy.workers or self.workers or workers_fitting(self.cores, self.threads_of(policy))

    def scripts_of(self, policy: Policy) -> ScriptPolicy:
        """Return what a pipeline's scripts may use; the model's own threads come on top."""
        own = {name: getattr(policy, name) for name in ("memory_mb", "scratch_mb", "network", "threads")}
        scripts = replace(self.scripts, **{name: value for name, value in own.items() if value is not None})
        return replace(scripts, threads=scripts.threads + self.threads_of(policy) - 1)
