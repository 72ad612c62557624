"""The drop-in API `/service/zementis/onnx`: for programs that called the engine that Sluice replaces."""
