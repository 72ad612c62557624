"""What only a pipeline's own workers get: its secrets, sealed wherever they are kept, and its variables."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from sluice.catalog.snapshot import Current
from sluice.entities import Pipeline, Policy, Secret
from sluice.errors import InvalidPipeline
from sluice.storage.ids import now
from sluice.storage.pipelines import PipelineStore
from sluice.storage.vault import CannotUnseal, Vault
from sluice.workers.messages import Failure
from sluice.workers.target import Target
from sluice.workers.zygote import NotStarted

log = logging.getLogger(__name__)

UNREADABLE = "secrets-unreadable"
"""The kind of the failure of a pipeline whose secrets no key opens."""

MOST = 100
"""Secrets and variables of one pipeline together."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
_TAKEN = re.compile(
    r"(LD_|PYTHON|SLUICE_|GLIBC_|MALLOC_|ORT_).*|PATH|HOME|TMPDIR|TEMP|TMP|LANG|LC_ALL|IFS|RES_OPTIONS", re.IGNORECASE
)
_NAME_RULE = "letters, digits and _, at most 100, the first no digit"


def check_name(name: str, field: str) -> None:
    """Refuse what can't be the name of a secret or variable.

    Raises:
        InvalidPipeline: blames the field.
    """
    if not _NAME.fullmatch(name):
        raise _refused(field, f"'{name[:100]}' can't be a name in the environment: take {_NAME_RULE}.")
    if _TAKEN.fullmatch(name):
        raise _refused(field, f"'{name}' means something to the worker itself. Choose another name.")


def check_names(policy: Policy, secrets: Iterable[str]) -> None:
    """Refuse names that can't be, are given twice or are too many.

    Raises:
        InvalidPipeline: blames `variables` or `secrets`.
    """
    variables, secret_names = [name for name, _ in policy.variables], list(secrets)
    for field, names in (("variables", variables), ("secrets", secret_names)):
        for name in names:
            check_name(name, field)
    if both := sorted(set(variables) & set(secret_names)):
        raise _refused("variables", f"'{both[0]}' is the name of a secret of this pipeline. It can't be both.")
    if len(variables) + len(secret_names) > MOST:
        raise _refused("variables", f"A pipeline has at most {MOST} variables and secrets together.")


def sealed(vault: Vault, pipeline: Pipeline, values: Mapping[str, str]) -> Pipeline:
    """Return a pipeline that has these secrets, too, in place of those of the same names."""
    kept = {secret.name: secret for secret in pipeline.secrets}
    kept |= {name: Secret(name, now(), vault.seal(pipeline.id, name, value)) for name, value in values.items()}
    return replace(pipeline, secrets=tuple(kept[name] for name in sorted(kept)))


def resealed(vault: Vault, pipeline: Pipeline, owner: Pipeline) -> Pipeline:
    """Return a pipeline with the secrets of another one, as far as they can be read."""
    values = {}
    for secret in owner.secrets:
        try:
            values[secret.name] = vault.open(owner.id, secret.name, secret.sealed)
        except CannotUnseal:
            continue
    return sealed(vault, pipeline, values)


def are_readable(vault: Vault, pipeline: Pipeline) -> bool:
    """Tell whether workers could be given all secrets of a pipeline."""
    return not _unreadable(vault, pipeline.id, pipeline.secrets)


def unsealing(vault: Vault) -> Callable[[Target], dict[str, str]]:
    """Return what opens the secrets of a worker to be; it raises NotStarted for those that it can't open."""

    def unseal(target: Target) -> dict[str, str]:
        if names := _unreadable(vault, target.owner, target.secrets):
            raise NotStarted(Failure("input", UNREADABLE, _told(names)))
        return {secret.name: vault.open(target.owner, secret.name, secret.sealed) for secret in target.secrets}

    return unseal


async def open_secrets(vault: Vault, current: Current) -> None:
    """Log which pipelines have secrets that no key opens, and seal with the first key what another one opens."""
    for pipeline in current.value.pipelines:
        if names := _unreadable(vault, pipeline.id, pipeline.secrets):
            log.error("The pipeline '%s' is broken: %s", pipeline.name, _told(names))
        old = [
            secret for secret in pipeline.secrets if not vault.is_current(secret.sealed) and secret.name not in names
        ]
        if not old:
            continue
        kept = {secret.name: secret for secret in pipeline.secrets}
        for secret in old:
            value = vault.open(pipeline.id, secret.name, secret.sealed)
            kept[secret.name] = replace(secret, sealed=vault.seal(pipeline.id, secret.name, value))
        renewed = replace(pipeline, secrets=tuple(kept.values()))
        await PipelineStore().reseal(renewed)
        current.value = current.value.replacing([renewed])
        log.info("Secrets of the pipeline '%s' are sealed with the first key now: %d", pipeline.name, len(old))


def _unreadable(vault: Vault, owner: str, secrets: Iterable[Secret]) -> list[str]:
    found = []
    for secret in secrets:
        try:
            vault.open(owner, secret.name, secret.sealed)
        except CannotUnseal:
            found.append(secret.name)
    return found


def _told(names: list[str]) -> str:
    listed = ", ".join(f"'{name}'" for name in names)
    return (
        f"The secrets {listed} can't be read: none of the server's keys opens them. Give the server the key that they "
        "were sealed with (SLUICE_SECRET_KEY, or the data folder's file secret.key), or set them anew."
    )


def _refused(field: str, message: str) -> InvalidPipeline:
    return InvalidPipeline(message, fields={field: message})
