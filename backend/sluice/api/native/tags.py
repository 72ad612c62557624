"""The groups of operations, in the order of the document."""

from __future__ import annotations

from sluice.api.native.operation import Tag

PREDICTIONS = Tag("Predictions", "One input through a pipeline or a bare model.")
PIPELINES = Tag("Pipelines", "Optional pre-processing, a model, optional post-processing, and the files they need.")
MODELS = Tag("Models", "ONNX files under a name.")
RESOURCES = Tag("Resources", "Scripts, helper modules and data files under their file name.")
ENVIRONMENTS = Tag("Environments", "What scripts import, and how its installation went.")
STATISTICS = Tag("Statistics", "How often pipelines and models are called, how long that takes, and what failed.")
EXAMPLES = Tag("Examples", "The examples that come with the program.")
ACCESS = Tag("Access", "Who may call: signing in, and tokens for programs.")
AUDIT = Tag("Audit", "Who changed what, and when.")
SYSTEM = Tag("System", "The server itself.")
