"""Sluice serves ONNX pipelines: pre-processing, a model and post-processing behind one address."""

__version__ = "0.1.0"
