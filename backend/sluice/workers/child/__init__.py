"""All that runs in the other process.

Imports the standard library, numpy, onnxruntime, onnx and the JSON codec, and of Sluice only what crosses with it:
`sluice.tensors` and `sluice.workers.messages`.
"""
