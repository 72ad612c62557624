"""The whole way of an operator: parts, pipeline, message and card, details, a run, and the end of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import DIGITS
from e2e.page_models.models import ModelsPage
from e2e.page_models.pipelines import PipelinesPage
from e2e.page_models.resources import ResourcesPage


@pytest.mark.addresses
def test_from_parts_to_an_answer_and_back(operator: Page, picture: Callable[[Page, str], None]) -> None:
    models, resources, pipelines = ModelsPage(operator), ResourcesPage(operator), PipelinesPage(operator)

    models.open()
    models.upload(DIGITS.model)
    expect(models.count("1 model")).to_be_visible()
    resources.open()
    for file in (DIGITS.pre_processing, DIGITS.post_processing, DIGITS.labels):
        resources.upload(file)
    expect(resources.count("3 resources")).to_be_visible()

    pipelines.open()
    expect(pipelines.count("0 pipelines")).to_be_visible()
    form = pipelines.add()
    form.fill("My digits", "digits", DIGITS.pre_processing.name, DIGITS.post_processing.name, (DIGITS.labels.name,))
    picture(operator, "add-pipeline")
    form.apply()
    form.expect_closed()
    expect(pipelines.message("Pipeline 'My digits' was added.")).to_be_visible()
    expect(pipelines.count("1 pipeline")).to_be_visible()
    pipelines.expect_steps("My digits", DIGITS.pre_processing.name, "digits", DIGITS.post_processing.name)
    expect(pipelines.card("My digits").get_by_text("ready", exact=True)).to_be_visible()

    details = pipelines.details("My digits")
    for text in ("My digits", "digits", DIGITS.pre_processing.name, DIGITS.post_processing.name):
        expect(details.dialog.get_by_text(text, exact=True).first).to_be_visible()
    picture(operator, "pipeline-details")
    details.close()

    run = pipelines.run("My digits")
    run.run_file(DIGITS.picture)
    expect(run.answer).to_contain_text(DIGITS.answer)
    expect(run.times).not_to_have_count(0)
    picture(operator, "run-pipeline")
    run.close()

    question = pipelines.delete("My digits")
    picture(operator, "delete-pipeline")
    question.cancel()
    expect(pipelines.card("My digits")).to_be_visible()
    pipelines.delete("My digits").confirm()
    expect(pipelines.message("Pipeline 'My digits' was deleted.")).to_be_visible()
    expect(pipelines.card("My digits")).to_be_hidden()
    expect(pipelines.count("0 pipelines")).to_be_visible()


def test_a_pipeline_without_scripts_takes_json(operator: Page) -> None:
    models, pipelines = ModelsPage(operator), PipelinesPage(operator)
    models.open()
    models.upload(DIGITS.model)
    pipelines.open()
    form = pipelines.add()
    form.fill("bare", "digits")
    form.apply()
    form.expect_closed()
    pipelines.expect_steps("bare", "none", "digits", "none")

    run = pipelines.run("bare")
    run.run_json('{"image": [[' + ", ".join(["0"] * 64) + "]]}")
    expect(run.answer).to_contain_text("probabilities")


def test_what_is_in_use_leads_to_the_pipeline_instead_of_being_deleted(demo: Page) -> None:
    models, resources = ModelsPage(demo), ResourcesPage(demo)

    models.open()
    question = models.delete("digits")
    expect(question.dialog.get_by_text("It can't be deleted yet")).to_be_visible()
    expect(question.dialog.get_by_role("button", name="Delete")).to_be_hidden()
    question.cancel()
    expect(models.card("digits")).to_be_visible()

    resources.open()
    question = resources.delete(DIGITS.pre_processing.name)
    expect(question.dialog.get_by_text("It can't be deleted yet")).to_be_visible()
    question.dialog.get_by_role("link", name="digits").click()
    expect(demo.get_by_role("heading", name="digits", level=1)).to_be_visible()
