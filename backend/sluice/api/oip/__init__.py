"""The Open Inference Protocol, `/v2`: what Triton's and KServe's clients speak."""
