"""What a name of the Open Inference Protocol stands for, also where names are older than the prefix `model.`."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sluice.api.oip.names import all_served, find
from sluice.catalog.describing import ModelEdit
from sluice.catalog.names import checked_new_name
from sluice.catalog.snapshot import Snapshot
from sluice.entities import Model, ModelFacts, Pipeline
from sluice.errors import InvalidName, NotFound

AT = datetime(2026, 1, 1, tzinfo=UTC)
FACTS = ModelFacts(8, (), "", "", "", 0, (), ())


def model(name: str, revision: int = 1) -> Model:
    return Model(f"m-{name}", name, AT, f"r-{name}", revision, f"{name}.onnx", "", 0, FACTS)


def pipeline(name: str) -> Pipeline:
    return Pipeline(f"p-{name}", name, AT, f"rp-{name}", 1, model("digits"))


NOW = Snapshot.of([model("digits", 3), model("alone")], [], [pipeline("digits")])
OLD = Snapshot.of(
    [model("x"), model("model.x"), model("model.y"), model("model.")], [], [pipeline("model.x"), pipeline("model.z")]
)


@pytest.mark.parametrize(
    ("snapshot", "name", "kind", "entity", "called"),
    [
        (NOW, "digits", "pipeline", "digits", "digits"),
        (NOW, "DIGITS", "pipeline", "digits", "digits"),
        (NOW, "model.digits", "model", "digits", "model.digits"),
        (NOW, "Model.Digits", "model", "digits", "model.digits"),
        (NOW, "alone", "model", "alone", "alone"),
        (NOW, "model.alone", "model", "alone", "model.alone"),
        (OLD, "model.x", "model", "x", "model.x"),
        (OLD, "model.model.x", "model", "model.x", "model.model.x"),
        (OLD, "model.y", "model", "model.y", "model.y"),
        (OLD, "model.z", "pipeline", "model.z", "model.z"),
        (OLD, "model.", "model", "model.", "model."),
    ],
)
def test_what_a_name_stands_for(snapshot: Snapshot, name: str, kind: str, entity: str, called: str) -> None:
    found = find(snapshot, name)
    assert (found.kind, found.entity.name, found.name) == (kind, entity, called)


@pytest.mark.parametrize("name", ["none", "model.none", "model.", "model", ""])
def test_what_stands_for_nothing(name: str) -> None:
    with pytest.raises(NotFound):
        find(NOW, name)


@pytest.mark.parametrize("version", ["2", "4", "03", "+3", "", "latest"])
def test_only_the_current_version_is_there(version: str) -> None:
    assert find(NOW, "model.digits", "3").version == "3"
    with pytest.raises(NotFound, match="it is 3"):
        find(NOW, "model.digits", version)


@pytest.mark.parametrize("snapshot", [NOW, OLD])
def test_all_are_listed_under_a_name_that_leads_to_them(snapshot: Snapshot) -> None:
    listed = all_served(snapshot)
    for each in listed:
        assert find(snapshot, each.name).entity is each.entity
    assert {each.entity.id for each in listed} >= {model.id for model in snapshot.models}
    assert len({each.name for each in listed}) == len(listed)


def test_what_is_listed() -> None:
    assert [each.name for each in all_served(NOW)] == ["digits", "alone", "model.digits"]
    # The pipeline 'model.x' gives way to the model 'x': no name leads to it any more.
    listed = [each.name for each in all_served(OLD)]
    assert listed == ["model.z", "model.", "model.model.x", "model.y", "x"]


@pytest.mark.parametrize("name", ["model.digits", "Model.Digits", "MODEL.x", "model.model.x", "model."])
def test_no_new_name_begins_with_the_prefix(name: str) -> None:
    with pytest.raises(InvalidName, match=r"begins with 'model\.'.*Choose another name") as refused:
        checked_new_name(name)
    assert refused.value.fields == {"name": refused.value.message}


@pytest.mark.parametrize("name", ["model", "models.x", "my.model.x", "model-x"])
def test_other_names_are_free(name: str) -> None:
    assert checked_new_name(name) == name


def test_an_old_name_is_kept_and_can_be_spelt_differently() -> None:
    old = model("model.y")
    assert ModelEdit(description="Old.").applied(old, OLD).description == "Old."
    assert ModelEdit(name="Model.Y").applied(old, OLD).name == "Model.Y"
    assert ModelEdit(name="y").applied(old, OLD).name == "y"
    with pytest.raises(InvalidName, match="begins with"):
        ModelEdit(name="model.other").applied(old, OLD)
