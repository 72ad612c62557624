"""A call whose body is a request of the Open Inference Protocol: a JSON head, and bytes of tensors behind it.

Source: Open Inference Protocol, "Inference"; Triton's "Binary Tensor Data Extension", also for raw binary requests.
"""
